"""Work on many ports: those that fail are set aside and told, the others are done in one go."""

import pytest

from ovs_docker.errors import Error, Gathered, OvsdbMissing, at
from ovs_docker.model.port import PortSpec
from ovs_docker.verbs.each import each
from tests.unit.samples import add_port


def ports(count: int) -> list[PortSpec]:
    return [add_port()._replace(container=f"c{number}", place=f"ports[{number}]") for number in range(count)]


class Work:
    """Fails at the first of the `bad` ports that it is given; remembers what it was given."""

    def __init__(self, *bad: str) -> None:
        self.bad = bad
        self.given: list[list[str]] = []

    def __call__(self, specs: list[PortSpec]) -> None:
        self.given.append([spec.container for spec in specs])
        for spec in specs:
            with at(spec.place):
                if spec.container in self.bad:
                    raise Error(f"{spec.container} is bad")


def test_where_nothing_fails_all_is_one_piece_of_work() -> None:
    work, specs = Work(), ports(3)
    assert (each(specs, work), work.given) == ((specs, []), [["c0", "c1", "c2"]])


def test_a_port_that_fails_is_left_out_and_the_rest_done_again() -> None:
    work, specs = Work("c1", "c3"), ports(5)
    done, failures = each(specs, work)
    assert (done, [(failure.place, failure.message) for failure in failures], work.given) == (
        [specs[0], specs[2], specs[4]],
        [("ports[1]", "c1 is bad"), ("ports[3]", "c3 is bad")],
        [["c0", "c1", "c2", "c3", "c4"], ["c0", "c2", "c3", "c4"], ["c0", "c2", "c4"]],
    )


def test_what_one_look_finds_wrong_with_several_ports_is_set_aside_together() -> None:
    given = []

    def work(specs: list[PortSpec]) -> None:
        given.append(len(specs))
        gathered = Gathered()
        for spec in specs:
            with gathered.at(spec.place):
                if spec.container in ("c1", "c3"):
                    raise Error("bad")
        gathered.raise_first()

    done, failures = each(ports(5), work)
    assert (len(done), [failure.place for failure in failures], given) == (3, ["ports[1]", "ports[3]"], [5, 3])


def test_where_all_fail_nothing_is_done() -> None:
    done, failures = each(ports(2), Work("c0", "c1"))
    assert (done, len(failures)) == ([], 2)


def test_no_ports_are_no_work() -> None:
    work = Work()
    assert (each([], work), work.given) == (([], []), [])


def test_what_is_no_ports_own_failure_is_raised() -> None:
    def work(specs: list[PortSpec]) -> None:
        raise OvsdbMissing("gone")

    with pytest.raises(OvsdbMissing):
        each(ports(2), work)
