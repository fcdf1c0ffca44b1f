"""--dry-run: the steps in order, exit 0, and a host that has not changed; errors are found as without it.

The wording of the steps is also what --verbose prints: test_options_calls.py.
"""

import pytest

from tests.integration.support.commands import Result, ours, ovs
from tests.integration.support.comparison import HOST_END
from tests.integration.support.containers import Container
from tests.integration.support.snapshot import snapshot

PLACE = ("br-int", "eth0", "c1")
MAC = "--macaddress=02:00:00:00:00:01"
TAKEN_OVER = "wait until ovs-vswitchd has applied the change"
END = "eth0 of container c1"
FIRST = [
    (
        ("add-port", *PLACE, MAC),
        [
            f"make veth pair PORT - {END}, MAC 02:00:00:00:00:01",
            f"switch off TX checksum offload of {END} (userspace datapath)",
            f"bring up {END}",
            "add port PORT to bridge br-int with iface-id c1_eth0",
            "wait until ovs-vswitchd has added the port",
        ],
    ),
    (
        (
            *("add-port", *PLACE, MAC, "--mtu=1400", "--vlan=5", "--trunks=10,11", "--iface-id=lsp"),
            *("--ipaddress=10.0.0.1/24,2001:db8::1/64", "--gateway=10.0.0.254", "--route=192.168.7.0/24,10.0.0.9"),
        ),
        [
            f"make veth pair PORT - {END}, MAC 02:00:00:00:00:01, MTU 1400",
            f"switch off TX checksum offload of {END} (userspace datapath)",
            f"switch on IPv6 on {END}",
            f"add address 10.0.0.1/24 to {END}",
            f"add address 2001:db8::1/64 to {END}",
            f"bring up {END}",
            f"add route to 192.168.7.0/24 via 10.0.0.9 to {END}",
            f"add default route via 10.0.0.254 to {END}",
            "add port PORT to bridge br-int with iface-id lsp, tag 5, trunks 10,11",
            "wait until ovs-vswitchd has added the port",
            f"announce 10.0.0.1 from {END}",
            f"announce 2001:db8::1 from {END}",
        ],
    ),
    (
        ("add-port", "br-new", "eth0", "c1", MAC, "--datapath-type=netdev", "--no-wait"),
        [
            f"make veth pair PORT - {END}, MAC 02:00:00:00:00:01",
            f"switch off TX checksum offload of {END} (userspace datapath)",
            f"bring up {END}",
            "create bridge br-new (datapath type netdev)",
            "add port PORT to bridge br-new with iface-id c1_eth0",
        ],
    ),
    (("del-port", *PLACE, "--if-exists"), ["nothing to do"]),
    (("del-ports", "br-int", "c1"), ["nothing to do"]),
]
ATTACHED = [
    (("add-port", *PLACE, "--may-exist"), ["nothing to do"]),
    (
        ("del-port", *PLACE),
        ["remove port PORT from bridge br-int", "delete veth pair PORT", TAKEN_OVER],
    ),
    (("del-port", *PLACE, "--no-wait"), ["remove port PORT from bridge br-int", "delete veth pair PORT"]),
    (
        ("del-ports", "br-int", "c1"),
        [
            *("remove port PORT from bridge br-int", "remove port PORT from bridge br-int"),
            *("delete veth pair PORT", "delete veth pair PORT", TAKEN_OVER),
        ],
    ),
    (("set-vlan", *PLACE, "5"), ["set tag 5 on port PORT of bridge br-int", TAKEN_OVER]),
    (("set-vlan", *PLACE, "none"), ["remove the VLAN tag from port PORT of bridge br-int", TAKEN_OVER]),
    (("set-trunk", *PLACE, "10,20-21"), ["set trunks 10,20,21 on port PORT of bridge br-int", TAKEN_OVER]),
    (("set-trunk", *PLACE, "none"), ["remove the trunks from port PORT of bridge br-int", TAKEN_OVER]),
]
WRONG = [
    ("add-port", *PLACE),
    ("add-port", "br-int", "eth1", "c1", "--mtu=1"),
    ("add-port", "br-int", "eth1", "c1", "--gateway=10.0.0.1"),
    ("add-port", "br-int", "eth1", "c1", "--datapath-type=system"),
    ("add-port", "br-int", "lo", "c1"),
    ("add-port", "br-int", "eth1", "no-such-container"),
    ("add-port", "br-int", "eth1"),
    ("del-port", "br-int", "eth1", "c1"),
    ("set-vlan", "br-int", "eth0", "c1", "4096"),
    ("set-vlan", "br-int", "eth1", "c1", "5"),
    ("set-trunk", "br-int", "eth1", "c1", "5"),
]


def foretold(*words: str) -> tuple[int, list[str], str]:
    """Return exit status, steps with the host ends' names masked, and stderr."""
    result = ours("--dry-run", *words)
    return result.code, HOST_END.sub("PORT", result.out).splitlines(), result.err


@pytest.mark.parametrize(("words", "steps"), FIRST, ids=[" ".join(words) for words, _ in FIRST])
def test_steps_are_told_and_not_done_where_nothing_is_attached(
    words: tuple[str, ...], steps: list[str], bridge: str, c1: Container
) -> None:
    before = snapshot()
    assert (foretold(*words), snapshot()) == ((0, steps, ""), before)


@pytest.mark.parametrize(("words", "steps"), ATTACHED, ids=[" ".join(words) for words, _ in ATTACHED])
def test_steps_are_told_and_not_done_on_attached_ports(
    words: tuple[str, ...], steps: list[str], bridge: str, c1: Container
) -> None:
    ours("add-port", *PLACE, "--vlan=7", check=True)
    if words[0] == "del-ports":
        ours("add-port", bridge, "eth1", "c1", check=True)
    before = snapshot()
    assert (foretold(*words), snapshot()) == ((0, steps, ""), before)


def test_the_replacement_of_a_stale_port_is_told(bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, check=True)
    stale = ovs("list-ports", bridge)
    c1.restart()
    result = ours("--dry-run", "add-port", *PLACE, MAC)
    told = [line.replace(stale, "STALE") for line in result.out.splitlines()]
    assert [HOST_END.sub("PORT", line) for line in told][3:5] == [
        "remove stale port STALE from bridge br-int",
        "add port PORT to bridge br-int with iface-id c1_eth0",
    ]


def test_warnings_come_too(bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, check=True)
    port = ovs("list-ports", bridge)
    result = ours("--dry-run", "set-vlan", "br-x", "eth0", "c1", "5")
    assert (result.code, result.err) == (0, f"ovs-docker: warning: port {port} is on bridge br-int, not on br-x\n")


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_errors_are_found_as_without_it(words: tuple[str, ...], bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, check=True)
    before = snapshot()
    dry, wet = ours("--dry-run", *words), ours(*words)
    assert (dry, wet.code, snapshot()) == (wet, 1, before)


@pytest.mark.parametrize("words", [("get-port", *PLACE), ("list-ports",)], ids=" ".join)
def test_verbs_that_only_read_do_so(words: tuple[str, ...], bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, check=True)
    result = ours("--dry-run", *words)
    assert (result, result.code) == (ours(*words), 0)


def test_the_option_may_stand_after_the_verb(bridge: str, c1: Container) -> None:
    before = snapshot()
    result = ours("add-port", *PLACE, "--dry-run")
    assert (result.code, result.err, snapshot()) == (0, "", before)
    assert result != Result(0, "", "")
