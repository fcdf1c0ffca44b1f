"""add-ports BRIDGE INTERFACE CONTAINER...: addresses that count up from the first, one a container."""

from ipaddress import ip_interface

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from netaddr import IPAddress, IPNetwork

from ovs_docker.cli import words
from ovs_docker.errors import BadValue
from ovs_docker.model.addresses import Address, parse_address
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.pool import port_specs
from tests.unit.strategies import usable_ips


def read(count: int, *options: str) -> list[PortSpec]:
    """Read `add-ports br-int eth0 c1 c2 … OPTION…` of `count` containers."""
    call = words.read(["add-ports", *options])
    return port_specs("br-int", "eth0", [f"c{number + 1}" for number in range(count)], call.options)


def addresses(count: int, *options: str) -> list[str]:
    return [",".join(map(str, spec.addresses)) for spec in read(count, *options)]


def refusal(count: int, *options: str) -> str:
    with pytest.raises(BadValue) as refused:
        read(count, *options)
    error = refused.value
    return f"{error.place}: {error.message}" if error.place else error.message


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--ipaddress=10.244.1.3/16"], ["10.244.1.3/16", "10.244.1.4/16", "10.244.1.5/16"]),
        (["--ipaddress=10.0.0.254/16"], ["10.0.0.254/16", "10.0.0.255/16", "10.0.1.0/16"]),
        (["--ipaddress=10.0.0.0/24"], ["10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24"]),
        (["--ipaddress=10.0.0.2/24", "--gateway=10.0.0.3"], ["10.0.0.2/24", "10.0.0.4/24", "10.0.0.5/24"]),
        (
            ["--ipaddress=10.0.0.2/24", "--route=10.1.0.0/16,10.0.0.3", "--route=10.2.0.0/16"],
            ["10.0.0.2/24", "10.0.0.4/24", "10.0.0.5/24"],
        ),
        (["--ipaddress=2001:db8::/64"], ["2001:db8::1/64", "2001:db8::2/64", "2001:db8::3/64"]),
        (["--ipaddress=2001:db8::ffff/64"], ["2001:db8::ffff/64", "2001:db8::1:0/64", "2001:db8::1:1/64"]),
        (["--ipaddress=2001:db8::fffd/112"], ["2001:db8::fffd/112", "2001:db8::fffe/112", "2001:db8::ffff/112"]),
        (
            ["--ipaddress=10.0.0.2/24,2001:db8::2/64", "--gateway=10.0.0.3,2001:db8::4"],
            ["10.0.0.2/24,2001:db8::2/64", "10.0.0.4/24,2001:db8::3/64", "10.0.0.5/24,2001:db8::5/64"],
        ),
        ([], ["", "", ""]),
    ],
)
def test_addresses_count_up_and_step_over_what_no_container_can_have(options: list[str], found: list[str]) -> None:
    assert addresses(3, *options) == found


@pytest.mark.parametrize(
    ("first", "count"),
    [
        ("10.0.0.1/30", 2),  # .3 is the broadcast address
        ("10.0.0.0/30", 2),  # .0 the network's own
        ("10.0.0.0/31", 2),  # RFC 3021: both are hosts
        ("10.0.0.1/31", 1),
        ("10.0.0.2/32", 1),
        ("10.0.0.250/24", 5),
        ("2001:db8::/127", 2),
        ("2001:db8::/126", 3),  # ::0 is the routers' anycast address (RFC 4291 section 2.6.1)
        ("2001:db8::1/128", 1),
    ],
)
def test_a_network_that_runs_out_is_refused_before_anything(first: str, count: int) -> None:
    assert len(addresses(count, f"--ipaddress={first}")) == count
    assert refusal(count + 1, f"--ipaddress={first}") == (
        f"ports[{count}] (container c{count + 1}): "
        f"--ipaddress={first}: has too few addresses for {count + 1} containers"
    )


def test_the_gateway_takes_a_place_too() -> None:
    said = refusal(2, "--ipaddress=10.0.0.1/30", "--gateway=10.0.0.2")
    assert said == "ports[1] (container c2): --ipaddress=10.0.0.1/30: has too few addresses for 2 containers"


firsts = st.builds(
    lambda ip, bits: ip_interface((ip, ip.max_prefixlen - bits)), usable_ips, st.integers(0, 16)
)  # up to 16 bits for hosts: no network reaches into multicast addresses


def _broadcast(network: IPNetwork) -> IPAddress | None:
    """IPv6 has none, but netaddr names one."""
    return network.broadcast if network.version == 4 else None


@st.composite
def pools(draw: st.DrawFn) -> tuple[Address, str | None, int]:
    """Draw a first address, a gateway in its network, and a number of containers."""
    first = draw(firsts)
    network = IPNetwork(str(first))
    assume(network.size <= 2 or network.ip != _broadcast(network))
    gateway = draw(st.none() | st.integers(0, network.size - 1).map(lambda number: network[number]))
    assume(gateway is None or (gateway not in (network.ip, _broadcast(network)) and int(gateway)))
    return first, gateway and str(gateway), draw(st.integers(1, 20))


@given(pools())
def test_addresses_are_the_next_hosts_as_netaddr_counts(pool: tuple[Address, str | None, int]) -> None:
    first, gateway, count = pool
    network = IPNetwork(str(first))
    own = {network.network, _broadcast(network)} if network.size > 2 else set()
    later = range(int(network.ip), min(network.last, int(network.ip) + count + 3) + 1)
    ips = [IPAddress(number, network.version) for number in later]
    hosts = [str(ip) for ip in ips if ip not in own and str(ip) != gateway][:count]
    options = [f"--ipaddress={first}", f"--gateway={gateway or ''}"]
    if len(hosts) < count:
        assert "has too few addresses" in refusal(count, *options)
    else:
        assert [spec.addresses for spec in read(count, *options)] == [
            (parse_address(f"{host}/{first.network.prefixlen}"),) for host in hosts
        ]


@given(firsts, st.integers(1, 20))
def test_no_two_containers_get_one_address(first: Address, count: int) -> None:
    try:
        found = addresses(count, f"--ipaddress={first}")
    except BadValue:
        return
    assert len(set(found)) == count


@pytest.mark.parametrize("option", ["--macaddress=02:00:00:00:01:03", "--iface-id=lsp1", "--ofport=7"])
def test_what_only_one_port_can_have_is_refused_for_several(option: str) -> None:
    assert refusal(2, option) == f"{option}: cannot be the same for 2 containers"
    assert len(read(1, option)) == 1


def test_all_other_options_hold_for_every_container() -> None:
    options = ["--mtu=1400", "--vlan=5", "--trunks=10", "--external-id=a=b", "--datapath-type=netdev"]
    found = read(3, *options, "--ipaddress=10.0.0.2/24", "--route=10.1.0.0/16")
    common = {spec._replace(container="", addresses=(), place="") for spec in found}
    assert (len(common), [spec.container for spec in found]) == (1, ["c1", "c2", "c3"])


def test_each_port_says_which_one_it_is() -> None:
    assert [spec.place for spec in read(2)] == ["ports[0] (container c1)", "ports[1] (container c2)"]


def test_a_value_that_cannot_be_is_said_once_for_all() -> None:
    assert refusal(2, "--mtu=1") == "--mtu=1: needs a whole number from 68 to 65535"


def test_ten_thousand_addresses_are_counted_without_making_the_network() -> None:
    assert addresses(10_000, "--ipaddress=2001:db8::1/64")[-1] == "2001:db8::2710/64"
