"""What differs at the ends of a port, and whose trouble it is when one cannot look."""

from types import SimpleNamespace
from typing import Any

import pytest

from ovs_docker.backends.kernel.dumps import Link
from ovs_docker.errors import KernelRefused
from ovs_docker.plan.repair import repairs
from ovs_docker.resolve import ends
from ovs_docker.resolve.ends import ContainerEnd, Ends, amiss
from tests.unit.samples import FIRST_END, MAC, SECOND_END, add_port, facts, ids_of, row

FIRST, SECOND = (add_port()._replace(place=place) for place in ("first", "second"))
WORLD: Any = SimpleNamespace(host=SimpleNamespace(index_of=lambda name: None))


def link(mtu: int = 1500, *, up: bool = True) -> Link:
    return Link(7, up, MAC, mtu, 1000, 8)


@pytest.mark.parametrize(
    ("recorded", "inside", "host", "set_to"),
    [
        ("", 1500, 1500, None),
        ("", 1500, 1200, 1500),
        ("", 1400, 1200, 1400),
        ("", 65535, 1500, None),  # a container's choice is none about the host's devices
        ("", 65535, 1200, 1500),
        ("--mtu=9000", 9000, 1500, 9000),
        ("--mtu=9000", 65535, 9000, None),
    ],
)
def test_no_container_raises_the_mtu_of_the_host_end(recorded: str, inside: int, host: int, set_to: int | None) -> None:
    there = row(ids=ids_of(*[recorded] if recorded else []))
    assert amiss(there, ContainerEnd(link(inside), [], []), link(host)).host_mtu == set_to


def test_a_container_that_cannot_be_looked_at_is_not_the_trouble_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(rows: list[Any], links: object) -> dict[str, Ends]:
        if rows[0].name == FIRST_END:
            raise KernelRefused("there are more than 1000 addresses in the container")
        return {}

    monkeypatch.setattr(ends, "_here", look)
    monkeypatch.setattr("ovs_docker.backends.kernel.netns._setns", lambda fd: None)
    both = [facts(rows=(row(name),), links={name: 7}, interface_exists=True) for name in (FIRST_END, SECOND_END)]
    with pytest.raises(KernelRefused) as raised:
        ends.of_facts(WORLD, [FIRST, SECOND], both)
    assert (raised.value.place, list(raised.value.also)) == ("first", [])


@pytest.mark.parametrize("names", [("eth9", FIRST_END), (FIRST_END, "eth9"), ("eth9",)], ids=" ".join)
def test_a_device_of_others_with_a_copied_record_is_not_repaired(
    names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    down = Ends(ContainerEnd(link(up=False), [], []), link(up=False))
    monkeypatch.setattr(ends, "_here", lambda rows, links: {row.name: down for row in rows})
    monkeypatch.setattr("ovs_docker.backends.kernel.netns._setns", lambda fd: None)
    there = facts(rows=tuple(map(row, names)), links={FIRST_END: 7}, others=frozenset({"eth9"}), interface_exists=True)
    found = repairs([FIRST], [there], ends.of_facts(WORLD, [FIRST], [there]))
    assert [repair.wire.port.name for repair in found] == [name for name in names if name == FIRST_END]
