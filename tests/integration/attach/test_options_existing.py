"""--may-exist and --if-exists: what is there already, what is not there any more.

Without the options the old script's words are kept: test_drop_in_attached.py.
"""

import pytest

from tests.host import DATAPATH
from tests.integration.support.commands import Result, ours, ovs, script
from tests.integration.support.containers import Container
from tests.integration.support.snapshot import snapshot

DONE = Result(0, "", "")
PLACE = ("br-int", "eth0", "c1")
ASKED = (
    "--ipaddress=10.0.0.1/24,2001:db8::1/64",
    "--gateway=10.0.0.254",
    "--route=192.168.7.0/24,10.0.0.9",
    "--macaddress=02:00:00:00:00:01",
    "--mtu=1400",
    "--vlan=5",
    "--trunks=10,20-22",
    "--iface-id=lsp",
    "--ofport=77",
    "--external-id=team=net",
)
DIFFERENT = [
    ("--ipaddress=10.0.0.1/24", "--ipaddress"),
    ("--ipaddress=10.0.0.1/16,2001:db8::1/64", "--ipaddress"),
    ("--gateway=10.0.0.253", "--gateway"),
    ("--route=192.168.8.0/24,10.0.0.9", "--route"),
    ("--macaddress=02:00:00:00:00:02", "--macaddress"),
    ("--mtu=1401", "--mtu"),
    ("--vlan=6", "--vlan"),
    ("--trunks=10", "--trunks"),
    ("--iface-id=other", "--iface-id"),
    ("--ofport=78", "--ofport"),
    ("--external-id=team=other", "--external-id=team"),
    ("--external-id=color=red", "--external-id=color"),
]
SAME = [
    (),
    ASKED,
    tuple(reversed(ASKED)),
    ("--macaddress=02:00:00:00:00:01", "--mtu=1400"),
    ("--ipaddress=10.0.0.1/255.255.255.0,2001:db8:0::1/64",),
    ("--trunks=22,21,20,10",),
]


@pytest.fixture
def port(bridge: str, c1: Container) -> str:
    """Attach c1 with every option and return the bridge."""
    ours("add-port", *PLACE, *ASKED, check=True)
    return bridge


@pytest.mark.parametrize("options", SAME, ids=len)
def test_may_exist_accepts_a_port_that_is_as_asked(options: tuple[str, ...], port: str) -> None:
    before = snapshot()
    assert (ours("add-port", *PLACE, *options, "--may-exist"), snapshot()) == (DONE, before)


@pytest.mark.parametrize(("option", "named"), DIFFERENT, ids=[option for option, _ in DIFFERENT])
def test_may_exist_names_the_option_that_differs(option: str, named: str, port: str) -> None:
    before = snapshot()
    spec = [other for other in ASKED if other.split("=")[0] != option.split("=")[0]]
    if option.startswith("--ipaddress"):
        spec = []
    if option.startswith(("--gateway", "--route")):
        spec.append(ASKED[0])
    result = ours("add-port", *PLACE, *spec, option, "--may-exist")
    assert (result, snapshot()) == (refused(named), before)


def test_may_exist_names_the_bridge_that_differs(port: str) -> None:
    ovs("add-br", "br-other", "--", "set", "bridge", "br-other", f"datapath_type={DATAPATH}")
    before = snapshot()
    result = ours("add-port", "br-other", "eth0", "c1", "--may-exist")
    assert (result, snapshot()) == (refused("BRIDGE"), before)


def test_may_exist_names_everything_that_differs(port: str) -> None:
    assert ours("add-port", *PLACE, "--mtu=1401", "--vlan=6", "--may-exist") == refused("--mtu, --vlan")


def refused(named: str) -> Result:
    said = f"Port already attached for CONTAINER=c1 and INTERFACE=eth0, but not as asked: {named}"
    return Result(1, "", f"ovs-docker: {said} (del-port first, then add-port)\n")


def test_may_exist_attaches_what_is_not_there(bridge: str, c1: Container) -> None:
    calls = [ours("add-port", *PLACE, "--may-exist") for _ in range(2)]
    assert (calls, len(ovs("list-ports", bridge).splitlines())) == ([DONE, DONE], 1)


def test_may_exist_accepts_a_port_of_the_script(bridge: str, c1: Container) -> None:
    script("add-port", *PLACE, check=True)
    before = snapshot()
    assert (ours("add-port", *PLACE, "--may-exist"), snapshot()) == (DONE, before)


def test_may_exist_replaces_a_stale_port(bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, "--ipaddress=10.0.0.1/24", check=True)
    c1.restart()
    assert ours("add-port", *PLACE, "--ipaddress=10.0.0.1/24", "--may-exist") == DONE
    assert (len(ovs("list-ports", bridge).splitlines()), len(c1.ip("link"))) == (1, 2)


@pytest.mark.parametrize("name", ["c1", "no-such-container"])
def test_if_exists_accepts_that_nothing_is_attached(name: str, bridge: str, c1: Container) -> None:
    before = snapshot()
    assert (ours("del-port", bridge, "eth0", name, "--if-exists"), snapshot()) == (DONE, before)


def test_if_exists_deletes_what_is_attached(bridge: str, c1: Container) -> None:
    before = snapshot()
    ours("add-port", *PLACE, check=True)
    assert (ours("del-port", *PLACE, "--if-exists"), snapshot()) == (DONE, before)
