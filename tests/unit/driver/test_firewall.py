"""The firewall's rules: what they consist of, whatever Docker says, and how they are put beside those of others."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.driver.firewall import Fenced, Published, holder
from ovs_docker.driver.firewall.fenced import check
from ovs_docker.driver.firewall.rules import compose
from ovs_docker.driver.firewall.saved import amiss, guarded_bridges, neighbours, read, restoring
from ovs_docker.errors import BadValue

WEB = Published("tcp", "", 8080, "10.1.0.2", 80)
LAB = Fenced("1a" * 32, "ovsbr-lab", "nat", False, ("10.1.0.0/24", "fd00::/64"), (WEB,))

ips = st.sampled_from(["10.1.0.2", "10.1.0.3", "127.0.0.1", "192.0.2.1", "fd00::2", "2001:db8::1"])
protos = st.sampled_from(["tcp", "udp", "sctp"])
numbers = st.integers(1, 65535)
published = st.builds(Published, protos, ips | st.just(""), numbers, ips, numbers)
networks = st.lists(
    st.builds(
        Fenced,
        st.text("0123456789abcdef", min_size=64, max_size=64),
        st.from_regex(r"[a-z][a-z0-9._-]{0,14}", fullmatch=True),
        st.sampled_from(["nat", "routed"]),
        st.booleans(),
        st.lists(st.sampled_from(["10.1.0.0/24", "172.16.0.0/12", "fd00::/64"]), unique=True).map(tuple),
        st.lists(published.filter(lambda port: _one_family(port)), max_size=3).map(tuple),
    ),
    max_size=3,
)
anything = st.text(max_size=8) | st.sampled_from(
    ["-j", "--help", "a b", "x\n-F", '"', "!", "br+", "", "tcp", "10.0.0.1"]
)

BUILT_IN = "FORWARD", "PREROUTING", "POSTROUTING", "OUTPUT"


def _one_family(port: Published) -> bool:
    return not port.host_ip or (":" in port.host_ip) == (":" in port.address)


@dataclass
class Kernel:
    """What iptables-restore makes of its lines, for one family."""

    tables: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def save(self) -> str:
        lines = []
        for table, chains in self.tables.items():
            lines += [f"*{table}", *(f":{chain} - [0:0]" for chain in chains)]
            lines += [f"-A {chain} {rule}".rstrip() for chain, rules in chains.items() for rule in rules]
            lines.append("COMMIT")
        return "\n".join([*lines, ""])

    def restore(self, text: str) -> None:
        """As with --noflush; KeyError, ValueError where a chain or a rule is not there."""
        chains: dict[str, list[str]] = {}
        for line in text.splitlines():
            command, _, rest = line.partition(" ")
            chain, _, rule = rest.partition(" ")
            if line.startswith("*"):
                chains = self.tables.setdefault(line[1:], {name: [] for name in BUILT_IN})
            elif line.startswith(":"):
                chains[command[1:]] = []
            elif command == "-A":
                chains[chain].append(rule)
            elif command == "-D":
                chains[chain].remove(rule)
            elif command == "-I":
                place, _, rule = rule.partition(" ")
                assert 0 < int(place) <= len(chains[chain])
                chains[chain].insert(int(place) - 1, rule)
            elif command == "-X":
                assert not chains.pop(chain)
            else:
                assert command == "COMMIT"

    def program(self, fenced: list[Fenced], version: int = 4) -> None:
        tables = read(self.save())
        self.restore(restoring(tables, compose(fenced, neighbours(tables), version), version))

    def lacks(self, fenced: list[Fenced], version: int = 4) -> list[str]:
        tables = read(self.save())
        return amiss(tables, compose(fenced, neighbours(tables), version), version)

    def foreign(self) -> dict[tuple[str, str], list[str]]:
        """Return the rules of others."""
        return {
            (table, chain): [rule for rule in rules if "OVS-DOCKER" not in rule]
            for table, chains in self.tables.items()
            for chain, rules in chains.items()
            if not chain.startswith("OVS-DOCKER")
        }


def kernel(*forward: str, **user_chains: list[str]) -> Kernel:
    made = Kernel()
    made.restore("*filter\n*nat\n*raw")
    made.tables["filter"] |= {
        "FORWARD": list(forward),
        **{name.replace("_", "-"): rules for name, rules in user_chains.items()},
    }
    return made


# --- what is asked for -------------------------------------------------------------------------------------------


@given(
    st.builds(
        Fenced,
        anything,
        anything,
        anything,
        st.booleans(),
        st.tuples(anything),
        st.tuples(st.builds(Published, anything, anything, st.integers(), anything, st.integers())),
    )
)
def test_whatever_docker_says_is_refused_or_makes_no_other_words(fenced: Fenced) -> None:
    try:
        check([fenced])
    except BadValue:
        return
    for version in (4, 6):
        for chains in compose([fenced], [], version).values():
            _have_known_options([rule for rules in chains.values() for rule in rules])


@given(networks, st.sampled_from([4, 6]))
def test_rules_have_known_options_only(fenced: list[Fenced], version: int) -> None:
    check(fenced)
    for chains in compose(fenced, ["docker0"], version).values():
        _have_known_options([rule for rules in chains.values() for rule in rules])


OPTIONS = {
    "-s",
    "-d",
    "-i",
    "-o",
    "-p",
    "-m",
    "-j",
    "--dport",
    "--ctstate",
    "--src-type",
    "--comment",
    "--to-destination",
}


def _have_known_options(rules: list[str]) -> None:
    for rule in rules:
        words = rule.split(" ")
        assert {word for word in words if word.startswith("-")} <= OPTIONS
        assert rule.isprintable() and "" not in words and words.count("-j") == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"network": "lab -j ACCEPT"}, "'lab -j ACCEPT' is not a network's id"),
        ({"network": ""}, "'' is not a network's id"),
        ({"bridge": "br+"}, "'br+' is not a bridge that iptables can name"),
        ({"bridge": "-i"}, "'-i' is not a bridge that iptables can name"),
        ({"bridge": "br0 -j ACCEPT"}, "'br0 -j ACCEPT' is not a bridge that iptables can name"),
        ({"bridge": "br0\n-F"}, r"'br0\n-F' is not a bridge that iptables can name"),
        ({"bridge": "sixteen-letters-"}, "'sixteen-letters-' is not a bridge that iptables can name"),
        ({"mode": "flat"}, "'flat' is neither nat nor routed"),
        ({"subnets": ("10.1.0.2/24",)}, "'10.1.0.2/24' has host bits set: its network is 10.1.0.0/24"),
        ({"subnets": ("0.0.0.0/0",)}, "'0.0.0.0/0' is everything, not a subnet"),
        ({"published": (WEB._replace(proto="icmp"),)}, "'icmp' is none of tcp, udp, sctp"),
        ({"published": (WEB._replace(port=0),)}, "0 is not a port from 1 to 65535"),
        ({"published": (WEB._replace(host_port=65536),)}, "65536 is not a port from 1 to 65535"),
        ({"published": (WEB._replace(address="web"),)}, "'web' is not an IP address"),
        ({"published": (WEB._replace(address=""),)}, "'' is not an IP address"),
        ({"published": (WEB._replace(host_ip="::1"),)}, "'::1' is not of the family of 10.1.0.2"),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, object], said: str) -> None:
    fenced = LAB._replace(**change)  # type: ignore[arg-type]
    with pytest.raises(BadValue) as caught:
        check([LAB, fenced])
    assert caught.value.message == f"network {fenced.network[:12]!r} has no rules: {said}"


def test_the_holder_of_a_hosts_port_is_known() -> None:
    here, there = WEB._replace(host_ip="192.0.2.1"), WEB._replace(host_ip="192.0.2.2")
    lab = LAB._replace(published=(here,))
    asked = [here, WEB, WEB._replace(host_ip="0.0.0.0"), there, here._replace(proto="udp"), here._replace(host_port=1)]
    asked.append(WEB._replace(address="fd00::2"))
    assert [holder([lab], port) == LAB.network for port in asked] == [True, True, True, False, False, False, False]


# --- the rules ---------------------------------------------------------------------------------------------------


def test_a_family_without_addresses_has_no_rules() -> None:
    assert compose([LAB._replace(subnets=("10.1.0.0/24",))], [], 6) == {}
    assert compose([], [], 4) == {}


def test_a_published_port_leads_from_the_host_to_the_container() -> None:
    rule = "-d 192.0.2.1/32 -p udp -m udp --dport 53 -m comment --comment ovs-docker-1a1a1a1a1a1a -j DNAT"
    named = LAB._replace(published=(Published("udp", "192.0.2.1", 53, "10.1.0.2", 5353),))
    assert compose([named], [], 4)["nat"]["OVS-DOCKER"] == [f"{rule} --to-destination 10.1.0.2:5353"]
    sixth = LAB._replace(published=(Published("sctp", "::", 99, "fd00::0:2", 80),))
    assert compose([sixth], [], 6)["nat"]["OVS-DOCKER"] == [
        "-p sctp -m sctp --dport 99 -m comment --comment ovs-docker-1a1a1a1a1a1a -j DNAT --to-destination [fd00::2]:80"
    ]


def test_internal_and_routed_networks_have_no_addresses_translated() -> None:
    closed = LAB._replace(internal=True), LAB._replace(mode="routed")
    assert [set(map(len, compose([one], [], 4)["nat"].values())) for one in closed] == [{0}, {0}]


@given(networks)
def test_the_order_of_networks_and_ports_does_not_matter(fenced: list[Fenced]) -> None:
    turned = [one._replace(published=one.published[::-1]) for one in fenced[::-1]]
    assert compose(turned, [], 4) == compose(fenced, [], 4)


# --- beside those of others --------------------------------------------------------------------------------------

FOREIGN = [
    "-i eth9 -j DROP",
    "-j ACCEPT",
    "-j DOCKER-USER",
    "-o docker0 -j DOCKER",
    '-m comment --comment "a b" -j RETURN',
]
rules = st.lists(st.sampled_from(FOREIGN), max_size=4)


@given(
    st.builds(lambda forward, user: kernel(*forward, DOCKER_USER=user), rules, rules),
    networks,
    networks,
    st.sampled_from([4, 6]),
)
def test_programmed_is_complete_and_foreign_rules_are_untouched(
    host: Kernel, before: list[Fenced], after: list[Fenced], version: int
) -> None:
    others = host.foreign()
    host.program(before, version)
    host.program(after, version)
    assert (host.lacks(after, version), host.foreign()) == ([], others)
    saved = host.save()
    host.program(after, version)
    assert host.save() == saved
    host.program([], version)
    assert "OVS-DOCKER" not in host.save()


def test_rules_are_reached_from_docker_user_before_its_return() -> None:
    host = kernel("-j DOCKER-USER", DOCKER_USER=["-i eth9 -j DROP", "-j RETURN"])
    host.program([LAB])
    assert host.tables["filter"]["DOCKER-USER"] == ["-i eth9 -j DROP", "-j OVS-DOCKER", "-j RETURN"]
    assert host.tables["filter"]["FORWARD"] == ["-j DOCKER-USER"]


def test_without_docker_user_they_are_reached_from_forward_before_what_ends_it() -> None:
    host = kernel("-i eth9 -j DROP", "-j REJECT --reject-with icmp-host-prohibited", DOCKER_USER=["-j RETURN"])
    host.program([LAB])
    assert host.tables["filter"]["FORWARD"][1] == "-j OVS-DOCKER"


def test_the_jump_moves_when_docker_user_appears() -> None:
    host = kernel()
    host.program([LAB])
    host.tables["filter"]["DOCKER-USER"] = ["-j RETURN"]
    host.tables["filter"]["FORWARD"].insert(0, "-j DOCKER-USER")
    assert host.lacks([LAB]) == [
        "chain DOCKER-USER of table filter does not lead to OVS-DOCKER",
        "chain FORWARD of table filter still leads to OVS-DOCKER",
    ]
    host.program([LAB])
    assert (host.tables["filter"]["FORWARD"], host.lacks([LAB])) == (["-j DOCKER-USER"], [])


def test_what_is_missing_is_said() -> None:
    host = kernel()
    host.program([LAB])
    host.tables["filter"]["FORWARD"].clear()
    host.tables["nat"]["OVS-DOCKER"].clear()
    host.tables["filter"]["OVS-DOCKER-LEAVING"].insert(0, "-j RETURN")
    del host.tables["raw"]["OVS-DOCKER"]
    assert host.lacks([LAB]) == [
        "chain FORWARD of table filter does not lead to OVS-DOCKER",
        "chain OVS-DOCKER-LEAVING of table filter has other rules",
        "chain OVS-DOCKER of table nat lacks 1 of 1 rules",
        "chain OVS-DOCKER of table raw is missing",
    ]


def test_dockers_own_bridges_are_known_by_its_rules_and_left_to_it() -> None:
    forward = "-j DOCKER-USER", "-o docker0 -j DOCKER", "-i br-1f ! -o br-1f -j ACCEPT", "! -o br-2f -j DOCKER"
    host = kernel(*forward, DOCKER_USER=[], DOCKER_BRIDGE=["-o br-1f -j DOCKER"])
    host.program([LAB])
    leaving = host.tables["filter"]["OVS-DOCKER-LEAVING"]
    assert leaving[1:] == ["-o br-1f -j RETURN", "-o docker0 -j RETURN", "-j ACCEPT"]


def test_bridges_that_may_use_the_loopback_address_are_known_by_their_guard() -> None:
    host = kernel()
    host.program([LAB, LAB._replace(network="b", bridge="br-b", published=())])
    assert guarded_bridges(read(host.save())) == {"ovsbr-lab"}
