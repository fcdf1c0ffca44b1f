"""check: every link of the chain from the container to the switch is broken in turn, and named."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.host import DATAPATH, services
from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet
from tests.integration.support.commands import OURS, Result, in_namespace, ours, ovs, run, script
from tests.integration.support.containers import Container
from tests.integration.support.ports import record, vlans
from tests.integration.support.snapshot import snapshot

DONE = Result(0, "", "")
PLACE = ("br-int", "eth0", "c1")
MAC = "02:00:00:00:00:01"


@pytest.fixture
def pair(bridge: str, tmp_path: Path) -> list[Container]:
    """Return the attached containers c1 and c2, which have all that can be recorded."""
    containers = fleet.started(2)
    options = {"mtu": 1400, "gateway": "10.0.0.254", "route": "10.9.0.0/16,10.0.0.253"}
    ports = [fleet.port(each.name, number, **options) for number, each in enumerate(containers, 1)]
    ours("add-ports", f"--file={fleet.ports_file(tmp_path, ports)}", check=True)
    return containers


def port_of(container: str) -> str:
    return ours("get-port", container, "eth0", check=True).out.strip()


def subject(container: str) -> str:
    return f"port {port_of(container)} (eth0 of container {container}, bridge br-int)"


def inside(container: Container, *words: str) -> None:
    """Do something to the interface behind everybody's back."""
    assert in_namespace(container.pid, "ip", *words).code == 0


def findings(*words: str) -> list[tuple[str, str]]:
    """Return code and hint of everything that check finds, and see that it exits with 1 then."""
    result = ours("--format=json", "check", *words)
    data: list[dict[str, Any]] = json.loads(result.out)["data"]
    found = [(finding["code"], finding["hint"]) for each in data for finding in each["findings"]]
    assert result.code == (1 if found else 0)
    return found


def test_ports_that_are_well_are_said_to_be(pair: list[Container]) -> None:
    assert ours("check") == Result(0, f"ok     {subject('c1')}\nok     {subject('c2')}\n", "")


def test_what_is_wrong_is_one_line_with_what_to_do(pair: list[Container]) -> None:
    inside(pair[1], "link", "set", "eth0", "mtu", "1300")
    line = f"wrong  {subject('c2')}: the MTU is 1300, recorded is 1400"
    hint = "(ovs-docker sync makes it as recorded)"
    assert ours("check") == Result(1, f"ok     {subject('c1')}\n{line} {hint}\n", "ovs-docker: 1 thing is wrong\n")


BROKEN_INSIDE = [
    (("link", "set", "eth0", "down"), "interface-down"),
    (("link", "set", "eth0", "address", "02:00:00:00:00:99"), "mac-differs"),
    (("link", "set", "eth0", "mtu", "1300"), "mtu-differs"),
    (("addr", "del", "10.0.0.1/24", "dev", "eth0"), "address-missing"),
    (("addr", "flush", "dev", "eth0"), "address-missing"),
    (("route", "del", "default"), "gateway-missing"),
    (("route", "del", "10.9.0.0/16"), "route-missing"),
]
MENDING = {
    "hint": None,
    "--fix": ("check", "--fix", "--container=c1"),
    "--may-exist": ("add-port", "br-int", "eth0", "c1", "--may-exist"),
}


def follow(hint: str) -> Result:
    """Do what a hint of check says: it is a command, and for sync a word what it does."""
    program, *words = shlex.split(hint)
    return run(OURS if program == "ovs-docker" else program, *words[: 1 if words[0] == "sync" else None])


@pytest.mark.parametrize("how", MENDING)
@pytest.mark.parametrize(("broken", "code"), BROKEN_INSIDE, ids=lambda each: each if isinstance(each, str) else " ")
def test_what_is_changed_inside_is_found_and_mended(
    pair: list[Container], broken: tuple[str, ...], code: str, how: str
) -> None:
    before = snapshot()
    inside(pair[0], *broken)
    assert ("repaired" in ours("--dry-run", "sync").out, "repair" in ours("--dry-run", "sync").out) == (False, True)
    found = findings("--container=c1")
    assert found[0][0] == code
    words = MENDING[how]
    assert (ours(*words) if words else follow(found[0][1])).code == 0
    assert (findings(), pair[0].pings("10.0.0.2"), ours("sync")) == ([], True, DONE)
    assert snapshot()["containers"] == before["containers"]


@pytest.mark.parametrize(
    ("broken", "code"), [(("down",), "host-end-down"), (("mtu", "1200"), "host-mtu-low")], ids=["down", "mtu"]
)
def test_what_is_changed_at_the_host_end_is_found_and_the_hint_mends_it(
    pair: list[Container], broken: tuple[str, ...], code: str
) -> None:
    run("ip", "link", "set", port_of("c1"), *broken, check=True)
    ((found, hint),) = findings()
    assert (found, follow(hint).code, findings()) == (code, 0, [])


def test_ipv6_that_is_switched_off_in_the_container_is_found_and_the_hint_mends_it(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", "--ipaddress=2001:db8::1/64", "--gateway=2001:db8::2", check=True)
    off = run("nsenter", "-t", str(c1.pid), "-n", "sysctl", "-w", "net.ipv6.conf.eth0.disable_ipv6=1")
    ((code, hint),) = findings()
    assert (off.code, code, follow(hint).code, findings()) == (0, "address-missing", 0, [])


@pytest.mark.parametrize(
    ("asked", "columns", "code"),
    [
        ((), ("tag=7",), "vlan-differs"),
        (("--vlan=5",), ("tag=7",), "vlan-differs"),
        (("--vlan=5",), ("tag=[]",), "vlan-differs"),
        (("--trunks=10,20-22",), ("trunks=10,20",), "trunks-differs"),
        (("--vlan=5", "--trunks=10,20-22"), ("trunks=[]", "vlan_mode=[]"), "trunks-differs"),
    ],
)
def test_vlans_that_somebody_changed_are_found_and_the_hint_mends_them(
    bridge: str, c1: Container, asked: tuple[str, ...], columns: tuple[str, ...], code: str
) -> None:
    ours("add-port", *PLACE, *asked, check=True)
    before = vlans(port_of("c1"))
    ovs("set", "port", port_of("c1"), *columns)
    assert (ours("sync"), [found for found, _ in findings("--fix")]) == (DONE, [code])  # it may be on purpose
    ((found, hint),) = findings()
    assert (found, follow(hint), findings(), vlans(port_of("c1"))) == (code, DONE, [], before)


def test_what_differs_from_what_was_asked_is_said_with_both(bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, "--vlan=5", check=True)
    ovs("set", "port", port_of("c1"), "tag=7")
    said = "VLAN 7 differs from what was asked for: 5 (ovs-docker set-vlan br-int eth0 c1 5)"
    assert ours("check").out == f"wrong  {subject('c1')}: {said}\n"


def test_vlans_that_our_verbs_set_are_what_was_asked_for(bridge: str, c1: Container) -> None:
    ours("add-port", *PLACE, check=True)
    for verb, value in [("set-vlan", "5"), ("set-trunk", "10,20"), ("set-vlan", "none"), ("set-trunk", "none")]:
        ours(verb, *PLACE, value, check=True)
        assert findings() == []
    c1.restart()
    ours("sync", check=True)
    assert findings() == []


def test_on_a_fake_bridge_its_vlan_is_what_was_asked_for(bridge: str, c1: Container) -> None:
    ovs("add-br", "br-fake", bridge, "9")
    ours("add-port", "br-fake", "eth0", "c1", check=True)
    assert findings() == []
    ovs("set", "port", port_of("c1"), "tag=7")
    ((code, hint),) = findings()
    assert (code, follow(hint), findings()) == ("vlan-differs", DONE, [])


def test_a_port_that_somebody_moved_to_another_bridge_is_found_and_the_hint_mends_it(pair: list[Container]) -> None:
    ovs("add-br", "br-else", "--", "set", "bridge", "br-else", f"datapath_type={DATAPATH}")
    uuid = ovs("get", "port", port_of("c1"), "_uuid")
    ovs("remove", "bridge", "br-int", "ports", uuid, "--", "add", "bridge", "br-else", "ports", uuid)
    ((code, hint),) = findings()
    assert (code, follow(hint), findings(), pair[0].pings("10.0.0.2")) == ("bridge-differs", DONE, [], True)


@pytest.mark.parametrize("there", ["br-int", "br-else"])
def test_a_port_that_somebody_added_again_has_no_record_and_the_hint_mends_it(
    bridge: str, c1: Container, there: str
) -> None:
    ours("add-port", *PLACE, check=True)
    ovs("--may-exist", "add-br", there, "--", "set", "bridge", there, f"datapath_type={DATAPATH}")
    name = port_of("c1")
    ovs("del-port", name, "--", "add-port", there, name)
    ((code, hint),) = findings()
    assert (code, findings(there), hint) == (
        "record-missing",
        [(code, hint)],
        f"ovs-vsctl del-port {name}, then ovs-docker add-port",
    )
    follow(hint.partition(",")[0])
    ours("add-port", *PLACE, check=True)
    assert findings() == []


def test_an_interface_whose_port_somebody_removed_is_found_and_each_hint_mends_it(pair: list[Container]) -> None:
    name = port_of("c1")
    ovs("del-port", name)
    said = f"wrong  host end {name} (eth0 of container c1): it is in no port any more: was that removed with ovs-vsctl?"
    hint = "ovs-docker add-port attaches the interface again, ovs-docker sync --force deletes it"
    lines = f"ok     {subject('c2')}\n{said} ({hint})\n"
    assert ours("check") == Result(1, lines, "ovs-docker: 1 thing is wrong\n")
    assert findings("br-int") == []  # of which bridge it was, nobody knows
    ours("add-port", *PLACE, "--ipaddress=10.0.0.1/24", check=True)
    assert (findings(), pair[0].pings("10.0.0.2")) == ([], True)
    ovs("del-br", "br-int")
    assert [code for code, _ in findings()] == ["port-gone", "port-gone"]
    ours("sync", "--force", check=True)
    assert findings() == []


@pytest.mark.parametrize("how", ["script", "older version"])
def test_where_nothing_is_recorded_of_bridge_and_vlans_nothing_differs(bridge: str, c1: Container, how: str) -> None:
    (script if how == "script" else ours)("add-port", *PLACE, check=True)
    if how == "older version":
        ovs("remove", "interface", port_of("c1"), "external_ids", "ovs-docker-bridge")
    ovs("set", "port", port_of("c1"), "tag=7")
    assert (findings(), ours("set-vlan", *PLACE, "5"), findings()) == ([], DONE, [])
    assert "ovs-docker-vlan" not in record(port_of("c1"))


def test_an_adopted_port_is_asked_for_as_it_is(bridge: str, c1: Container) -> None:
    script("add-port", *PLACE, check=True)
    ovs("set", "port", port_of("c1"), "tag=7")
    ours("sync", "--adopt", check=True)
    ours("sync", check=True)  # switches checksum offload off
    assert findings() == []
    ovs("set", "port", port_of("c1"), "tag=8")
    assert findings() == [("vlan-differs", "ovs-docker set-vlan br-int eth0 c1 7")]


def test_a_fix_touches_only_the_ports_that_are_asked_about(pair: list[Container]) -> None:
    for container in pair:
        inside(container, "link", "set", "eth0", "down")
    fixed = ours("check", "--fix", "--container=c1")
    port = f"port {port_of('c1')} of eth0 of container c1"
    said = f"ovs-docker: repaired {port}: up, route to 10.9.0.0/16 via 10.0.0.253, default route via 10.0.0.254\n"
    assert fixed == Result(0, f"ok     {subject('c1')}\n", said)
    assert [code for code, _ in findings()] == ["interface-down"]


def test_a_restarted_container_lacks_its_interface_and_sync_mends_it(pair: list[Container]) -> None:
    pair[0].restart()
    fleet.links_are_gone("c1")
    assert findings() == [("interface-gone", "ovs-docker sync restores it")]
    ours("sync", check=True)
    assert findings() == []


def test_a_stopped_and_a_removed_container_are_told_apart(pair: list[Container]) -> None:
    pair[0].stop()
    pair[1].remove()
    assert findings() == [
        ("container-stopped", "docker start c1"),
        ("container-gone", "ovs-docker sync removes the port"),
    ]


def test_a_stopped_container_is_only_wrong_if_strict(pair: list[Container]) -> None:
    subjects = subject("c1"), subject("c2")
    pair[0].stop()
    lines = f"stopped {subjects[0]}: its container does not run (docker start c1)\nok     {subjects[1]}\n"
    assert ours("check") == Result(0, lines, "")
    assert ours("check", "--strict") == Result(1, lines, "ovs-docker: 1 thing is wrong\n")


def test_what_vswitchd_says_is_passed_on(pair: list[Container]) -> None:
    name = port_of("c1")
    ovs("--no-wait", "set", "interface", name, "type=patch")
    fleet.wait_until(lambda: "vswitchd-refused" in {code for code, _ in findings()})


def test_a_bridge_that_is_not_run_is_told_with_the_reason(pair: list[Container]) -> None:
    ovs("set", "bridge", "br-int", "datapath_type=system")
    assert ours("check", "--container=c1").out == (
        f"wrong  {subject('c1')}: ovs-vswitchd does not run bridge br-int "
        "(is ovs-vswitchd running, and the openvswitch kernel module loaded? modprobe openvswitch)\n"
    )


def test_the_port_of_another_engines_container_is_not_said_to_be_left_over(pair: list[Container]) -> None:
    ovs("set", "interface", port_of("c1"), "external_ids:ovs-docker-engine=podman")
    assert (findings(), fleet.attached()["c1/eth0"]) == ([], ["10.0.0.1/24"])


def test_a_vswitchd_that_is_silent_is_all_that_is_told(bridge: str) -> None:
    with services.vswitchd().paused():
        said = ours("--timeout=6", "check").out
    assert [line.split()[1] for line in said.splitlines() if line.startswith("wrong")] == ["ovs-vswitchd:"]


def test_one_iface_id_at_two_ports_is_told_for_both(pair: list[Container]) -> None:
    ovs("set", "interface", port_of("c2"), "external_ids:iface-id=c1_eth0")
    assert [code for code, _ in findings()] == ["iface-id-twice"] * 2


def test_a_host_end_that_leads_elsewhere_is_found(pair: list[Container], container: ContainerFactory) -> None:
    """Somebody deleted the pair and made others of the same names."""
    name, c3 = port_of("c1"), container("c3")
    run("ip", "link", "delete", name, check=True)
    run("ip", "link", "add", name, "up", "type", "veth", "peer", "name", "eth0", "netns", str(c3.pid), check=True)
    inside(pair[0], "link", "add", "eth0", "up", "type", "veth", "peer", "name", "eth9")
    assert "not-its-peer" in {code for code, _ in findings("--container=c1")}


def test_ports_of_the_script_are_checked_as_far_as_they_are_recorded(bridge: str, c1: Container) -> None:
    script("add-port", "br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24", check=True)
    assert findings() == []
    inside(c1, "link", "set", "eth0", "down")
    assert [code for code, _ in findings()] == ["interface-down"]


def test_a_bridge_and_a_container_narrow_it_down(pair: list[Container]) -> None:
    inside(pair[1], "link", "set", "eth0", "mtu", "1300")
    assert (findings("--container=c1"), len(findings("br-int"))) == ([], 1)
    assert ours("check", "br-x").err == "ovs-docker: there is no bridge br-x (ovs-vsctl list-br shows them)\n"


# --- the surroundings --------------------------------------------------------------------------------------------


def subjects(*words: str) -> list[str]:
    """Return how each line about the surroundings begins."""
    return [line.split(":")[0] for line in ours(*words, "check").out.splitlines()]


def test_without_ports_the_surroundings_are_told() -> None:
    names = ("privilege", "Docker", "database", "ovs-vswitchd", "datapath")
    assert (subjects(), ours("check").code) == ([f"ok     {name}" for name in names], 0)


def test_what_is_wrong_with_the_surroundings_comes_before_the_ports(pair: list[Container]) -> None:
    with services.dockerd().stopped():
        assert subjects()[:3] == ["ok     privilege", "wrong  Docker", "ok     database"]
    assert subjects("--db=unix:/none/db.sock")[-1] == "wrong  database"


def test_a_switch_that_does_not_answer_is_found_within_seconds(pair: list[Container]) -> None:
    with services.vswitchd().paused():
        assert findings() == [("timeout", "is it running? service openvswitch-switch restart")]


def test_a_dry_run_writes_nothing(bridge: str) -> None:
    before = ovs("get", "Open_vSwitch", ".", "next_cfg")
    assert "ok     ovs-vswitchd: has applied changes" in ours("--dry-run", "check", check=True).out
    with services.vswitchd().paused():
        assert ours("--dry-run", "check").code == 0  # nothing is asked of it
        ovs("--no-wait", "set", "Open_vSwitch", ".", f"next_cfg={int(before) + 1}")
        assert "wrong  ovs-vswitchd" in ours("--dry-run", "check").out
    assert int(ovs("get", "Open_vSwitch", ".", "next_cfg")) == int(before) + 1


def test_missing_capabilities_are_named() -> None:
    result = run("setpriv", "--bounding-set=-sys_admin,-net_admin", "--inh-caps=-sys_admin,-net_admin", OURS, "check")
    wrong = "wrong  privilege: CAP_NET_ADMIN and CAP_SYS_ADMIN are missing ("
    hint = "docker run --cap-add=NET_ADMIN --cap-add=SYS_ADMIN)"
    told = result.out.splitlines()[0]
    assert (result.code, told[: len(wrong)], told[-len(hint) :]) == (1, wrong, hint)
