"""A call without the privilege it needs: what is not permitted is named, and the hint says to be root."""

import os
from collections.abc import Iterator

import pytest

from tests.host.services import DOCKER_SOCKET, OVS_SOCKET
from tests.integration.conftest import ContainerFactory
from tests.integration.support.commands import OURS, Result, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.refusal import ADD, DEL, line_of, nothing_changed

AS_ROOT = "(run ovs-docker as root)"
# May read everything, so that it finds the command wherever that is installed, and do nothing.
NOBODY = (
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)


@pytest.fixture
def allow() -> Iterator[object]:
    """Return a function that lets everybody use a socket until the test ends."""
    modes: dict[str, int] = {}

    def open_to_all(path: str) -> None:
        modes[path] = os.stat(path).st_mode & 0o777
        os.chmod(path, 0o666)

    yield open_to_all
    for path, mode in modes.items():
        os.chmod(path, mode)


def as_nobody(*words: str) -> str:
    return line_of(run(*NOBODY, OURS, *words))


def lacking(capability: str) -> tuple[str, ...]:
    """Return the words that start a command as root without one capability (capabilities(7))."""
    return "setpriv", f"--bounding-set=-{capability}", f"--inh-caps=-{capability}"


def without(capability: str, *words: str) -> str:
    """Run ours as root without one capability: it must fail; return what it says."""
    return line_of(run(*lacking(capability), OURS, *words))


def test_each_thing_that_a_user_may_not_is_told_apart(bridge: str, c1: Container, allow: object) -> None:
    assert callable(allow)
    with nothing_changed():
        said = [as_nobody(*ADD)]
        allow(DOCKER_SOCKET)
        said.append(as_nobody(*ADD))
        allow(OVS_SOCKET)
        said.append(as_nobody(*ADD))
    assert said == [
        f"no permission to open Docker's socket /var/run/docker.sock {AS_ROOT}",
        f"no permission to open the database socket /var/run/openvswitch/db.sock {AS_ROOT}",
        f"no permission to open the network namespace of container c1 {AS_ROOT}",
    ]


def test_a_user_may_not_detach(bridge: str, c1: Container) -> None:
    ours(*ADD, check=True)
    with nothing_changed():
        said = as_nobody(*DEL)
    assert said == f"no permission to open the database socket /var/run/openvswitch/db.sock {AS_ROOT}"


def test_a_user_who_may_change_the_database_may_still_not_detach(bridge: str, c1: Container, allow: object) -> None:
    assert callable(allow)
    ours(*ADD, check=True)
    allow(OVS_SOCKET)
    with nothing_changed():
        said = as_nobody(*DEL)
    assert said.startswith("no permission to delete")
    assert said.endswith(AS_ROOT)


def without_root_having(capability: str) -> str:
    """Return the hint to a root who is not allowed everything."""
    return f"(root has no CAP_{capability} here; in a container, docker run --cap-add={capability})"


def test_root_without_cap_net_admin_makes_no_veth_pair(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = without("net_admin", *ADD)
    head, _, tail = said.partition(" the veth pair ")
    assert (head, tail.split(" ", 1)[1]) == (
        "no permission to make",
        f"- eth0 of c1 {without_root_having('NET_ADMIN')}",
    )


def test_root_without_cap_sys_admin_enters_no_namespace(bridge: str, c1: Container) -> None:
    with nothing_changed():
        said = without("sys_admin", *ADD)
    assert said == f"no permission to enter a network namespace {without_root_having('SYS_ADMIN')}"


def test_root_without_cap_sys_ptrace_attaches_containers_of_any_user(bridge: str, container: ContainerFactory) -> None:
    for user in ("0", "1000", "1000:2000"):
        attached = container("c1", f"--user={user}")
        assert run(*lacking("sys_ptrace"), OURS, *ADD) == Result(0, "", "")
        attached.remove()


def test_root_without_cap_sys_ptrace_attaches_no_container_that_may_more(
    bridge: str, container: ContainerFactory
) -> None:
    container("c1", "--cap-add=SYS_PTRACE")
    with nothing_changed():
        said = without("sys_ptrace", *ADD)
    assert said == f"no permission to open the network namespace of container c1 {without_root_having('SYS_PTRACE')}"
