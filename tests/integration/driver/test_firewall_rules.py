"""The firewall's rules on a real iptables, both variants: they are put back, leave others alone, and go.

What they let pass is in test_firewall.py.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_docker.driver.firewall import Fenced, Published, missing, program
from ovs_docker.driver.firewall import iptables as iptables_program
from ovs_docker.driver.firewall.iptables import restore
from ovs_docker.errors import KernelRefused, TimedOut
from tests.integration.support.commands import run
from tests.integration.support.fenced_host import forwarding, programs

PUBLISHED = tuple(
    Published(proto, "", 8080, address, 80) for proto in ("tcp", "udp", "sctp") for address in ("10.1.0.2", "fd00::2")
)
LAB = Fenced("1a" * 32, "br-lab", "nat", False, ("10.1.0.0/24", "fd00::/64"), PUBLISHED)
OTHERS = (
    LAB._replace(network="2b" * 32, bridge="br-in", internal=True),
    LAB._replace(network="3c" * 32, bridge="br-out", mode="routed"),
)
NETWORKS = [LAB, *OTHERS]
FOREIGN = (
    ("-N", "DOCKER-USER"),
    ("-A", "DOCKER-USER", "-i", "eth9", "-j", "DROP"),
    ("-A", "DOCKER-USER", "-j", "RETURN"),
    ("-A", "FORWARD", "-j", "DOCKER-USER"),
    ("-A", "FORWARD", "-m", "comment", "--comment", "the owner's own", "-j", "LOG"),
    ("-P", "FORWARD", "DROP"),
    ("-t", "nat", "-A", "PREROUTING", "-p", "tcp", "--dport", "8080", "-j", "RETURN"),
    ("-t", "nat", "-A", "POSTROUTING", "-s", "172.16.0.0/12", "-j", "ACCEPT"),
)


@pytest.fixture(params=["nft", "legacy"])
def variant(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Have `iptables` mean one of the two for the test; return where its programs are."""
    programs(request.param, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with forwarding():
        run("ip", "link", "add", LAB.bridge, "type", "bridge", check=True)
        yield tmp_path
        run("ip", "link", "delete", LAB.bridge)


def rules() -> list[str]:
    """Return the rules of both families, their chains and policies, without counters."""
    lines = [line for tool in ("iptables-save", "ip6tables-save") for line in run(tool, check=True).out.splitlines()]
    return [line.split(" [")[0] for line in lines if line.startswith(("*", ":", "-"))]


def foreign() -> list[str]:
    return [line for line in rules() if "OVS-DOCKER" not in line]


def iptables(*words: str) -> None:
    for tool in ("iptables", "ip6tables"):
        run(tool, *words, check=tool == "iptables")


@pytest.mark.usefixtures("variant")
def test_rules_are_as_asked_for_and_a_second_time_changes_nothing() -> None:
    program(NETWORKS)
    before = rules()
    program(NETWORKS[::-1])
    assert (missing(NETWORKS), rules()) == ([], before)


@pytest.mark.usefixtures("variant")
def test_rules_of_others_stay_as_they_are_and_ours_go_with_the_last_network() -> None:
    program(NETWORKS)  # so that the tables are there
    program([])
    for words in FOREIGN:
        iptables(*words)
    before = rules()
    program(NETWORKS)
    program(OTHERS)
    assert foreign() == before
    program([])
    assert rules() == before


FLUSHES = {
    "a chain of ours": (("-F", "OVS-DOCKER"),),
    "the way to it": (("-F", "FORWARD"),),
    "everything": tuple((*table, word) for table in ((), ("-t", "nat"), ("-t", "raw")) for word in ("-F", "-X")),
}


@pytest.mark.usefixtures("variant")
def test_flushed_rules_are_missed_and_put_back() -> None:
    program(NETWORKS)
    before = rules()
    for flushed, commands in FLUSHES.items():
        for words in commands:
            iptables(*words)
        assert missing(NETWORKS) != [], flushed
        program(NETWORKS)
        assert (missing(NETWORKS), rules()) == ([], before), flushed


@pytest.mark.usefixtures("variant")
def test_what_is_switched_off_is_said() -> None:
    program([LAB])
    Path(f"/proc/sys/net/ipv4/conf/{LAB.bridge}/route_localnet").write_text("0")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("0")
    assert missing([LAB]) == [
        "ipv4.ip_forward is not 1: IPv4 is not forwarded",
        "route_localnet of br-lab is not 1: its published ports do not answer on 127.0.0.1",
    ]


@pytest.mark.usefixtures("variant")
def test_a_host_that_starts_to_forward_ipv6_heeds_router_advertisements_as_before() -> None:
    conf = Path("/proc/sys/net/ipv6/conf")
    heeds, does_not = conf / LAB.bridge / "accept_ra", conf / "lo/accept_ra"
    heeds.write_text("1")
    does_not.write_text("0")
    program([OTHERS[0]])  # an internal network needs no forwarding
    assert (conf / "all/forwarding").read_text() == "0\n"
    program([LAB])
    assert [path.read_text() for path in (conf / "all/forwarding", heeds, does_not)] == ["1\n", "2\n", "0\n"]


def test_without_ip6tables_ipv4_works_and_ipv6_is_an_error(variant: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(variant))
    for program_file in variant.glob("ip6tables*"):
        program_file.unlink()
    fourth = LAB._replace(subnets=LAB.subnets[:1])
    program([fourth])
    assert missing([fourth]) == []
    said = "ip6tables-save is not installed"
    assert missing([LAB])[0] == said
    with pytest.raises(KernelRefused) as caught:
        program([LAB])
    assert caught.value.message == said
    monkeypatch.undo()


@pytest.mark.usefixtures("variant")
def test_an_error_is_one_line_of_the_tools_own() -> None:
    said = r"iptables-restore\b.*: (line 2 failed.*: -[AD] FORWARD .*|.*(NOWHERE|nonsense).*)"
    for rule in ("-D FORWARD -i eth9 -j ACCEPT", "-A FORWARD -j NOWHERE", "-A FORWARD --nonsense"):
        with pytest.raises(KernelRefused) as caught:
            restore(4, f"*filter\n{rule}\nCOMMIT\n")
        assert re.fullmatch(said, caught.value.message)


@pytest.mark.usefixtures("variant")
def test_a_jump_that_is_gone_before_it_is_removed_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker, firewalld and the owner change rules, too: also between our reading and writing."""
    program(NETWORKS)
    read = iptables_program.save

    def read_in_vain(version: int) -> str:
        monkeypatch.setattr(iptables_program, "save", read)
        said = read(version)
        iptables("-F", "FORWARD")
        return said

    monkeypatch.setattr(iptables_program, "save", read_in_vain)
    program([])
    assert [line for line in rules() if "OVS-DOCKER" in line] == []


def test_a_tool_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "iptables-save").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "iptables-save").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(iptables_program, "_SECONDS", 0.2)
    with pytest.raises(TimedOut) as caught:
        program([LAB])
    assert caught.value.message == "gave up after 0.2 s waiting for iptables-save"
