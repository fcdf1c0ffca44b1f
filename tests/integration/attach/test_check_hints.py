"""check's hints: something is broken, and what check says about it is done word by word; then nothing is wrong.

What is found, and in which words, is in test_check.py; OVN's hints are in ovn/test_check_ovn.py.
"""

import json
from collections.abc import Callable

import pytest

from tests.host import services
from tests.host.daemons import Daemon
from tests.integration.support import fleet
from tests.integration.support.commands import in_namespace, ours, ovs, run, script
from tests.integration.support.containers import Container
from tests.integration.support.hints import PLACE, follow
from tests.integration.support.ports import of

OPTIONS = ("--ipaddress=10.0.0.1/24", "--tx-queue-len=500")


def findings() -> list[tuple[str, str]]:
    data = json.loads(ours("--format=json", "check", "--strict").out)["data"]
    return [(finding["code"], finding["hint"]) for each in data for finding in each["findings"]]


def mended(code: str) -> bool:
    """See that check finds this, and do what it says of the last of its findings, and of what is left then."""
    found = findings()
    assert code in [each for each, _ in found]
    for _ in range(3):
        follow(found[-1][1], *OPTIONS)
        if not (found := findings()):
            return True
    return False


def inside(container: Container, *words: str) -> None:
    assert in_namespace(container.pid, "ip", *words).code == 0


def renamed_host_end(_: Container) -> None:
    name = of("c1")
    for words in (("down",), ("name", "renamed"), ("up",)):
        run("ip", "link", "set", name, *words, check=True)
        name = words[1] if len(words) > 1 else name


def lost_peer(container: Container) -> None:
    """Have others delete the pair and make two of the same names."""
    run("ip", "link", "delete", of("c1"), check=True)
    run("ip", "link", "add", of("c1"), "up", "type", "veth", "peer", "name", "other", check=True)
    inside(container, "link", "add", "eth0", "up", "type", "veth", "peer", "name", "eth9")


def renamed_interface(container: Container) -> None:
    inside(container, "link", "set", "eth0", "down")
    inside(container, "link", "set", "eth0", "name", "eth9")


BREAKAGES: dict[str, Callable[[Container], object]] = {
    "container-stopped": lambda container: container.stop(),
    "container-gone": lambda container: container.remove(),
    "interface-gone": renamed_interface,
    "host-end-gone": renamed_host_end,
    "not-its-peer": lost_peer,
    "tx-queue-len-differs": lambda container: inside(container, "link", "set", "eth0", "txqueuelen", "100"),
    "vswitchd-refused": lambda _: ovs("--no-wait", "set", "interface", of("c1"), "type=patch"),
    "iface-id-missing": lambda _: ovs("remove", "interface", of("c1"), "external_ids", "iface-id"),
    "record-unreadable": lambda _: ovs("set", "interface", of("c1"), "external_ids:ovs-docker-mtu=x"),
}
OF_THE_SCRIPT: dict[str, Callable[[Container], object]] = {
    "container-gone": BREAKAGES["container-gone"],
    "interface-gone": lambda container: container.restart(),
    "interface-down": lambda container: inside(container, "link", "set", "eth0", "down"),
    "host-end-gone": renamed_host_end,
}


@pytest.mark.parametrize("code", BREAKAGES)
def test_a_port_is_mended_by_what_check_says(bridge: str, c1: Container, code: str) -> None:
    ours("add-port", *PLACE, *OPTIONS, check=True)
    BREAKAGES[code](c1)
    fleet.wait_until(lambda: code in [found for found, _ in findings()])
    assert mended(code)


@pytest.mark.parametrize("code", OF_THE_SCRIPT)
def test_a_port_of_the_script_is_mended_by_what_check_says(bridge: str, c1: Container, code: str) -> None:
    script("add-port", *PLACE, check=True)
    OF_THE_SCRIPT[code](c1)
    fleet.wait_until(lambda: code in [found for found, _ in findings()])
    assert mended(code)


def test_of_two_ports_with_one_iface_id_one_is_attached_again(bridge: str, c1: Container, c2: Container) -> None:
    ours("add-port", "br-int", "eth0", "c2", "--iface-id=lsp1", check=True)
    ours("add-port", *PLACE, check=True)
    ovs("set", "interface", of("c1"), "external_ids:iface-id=lsp1")
    assert {*findings()} == {("iface-id-twice", "del-port one of them, or give it another --iface-id")}
    follow("del-port, then add-port")
    assert findings() == []


@pytest.mark.parametrize("daemon", [services.ovsdb, services.vswitchd])
def test_open_vswitch_is_mended_by_what_check_says(bridge: str, daemon: Callable[[], Daemon]) -> None:
    daemon().kill()
    try:
        ((_, hint),) = findings()
        follow(hint[hint.index("service ") :].partition(")")[0])
        assert findings() == []
    finally:
        daemon().start()
