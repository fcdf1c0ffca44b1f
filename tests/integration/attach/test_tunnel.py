"""A Geneve tunnel of Open vSwitch between two hosts, without OVN: containers on both are on one network."""

from collections.abc import Iterator

import pytest

from tests.host import DATAPATH
from tests.integration.support import hosts
from tests.integration.support.commands import Result
from tests.integration.support.hosts import Host

DONE = Result(0, "", "")
MTU = "--mtu=1442"  # leaves room for the tunnel's headers
MEGABYTE = "dd if=/dev/urandom of=/tmp/data bs=1024 count=1024 2>/dev/null; md5sum </tmp/data"
FETCH = f"printf 'GET /data HTTP/1.0\\r\\n\\r\\n' | nc 10.0.0.1 80 | tail -c {1 << 20} | md5sum"


@pytest.fixture
def pair() -> Iterator[hosts.Underlay]:
    joined = hosts.Underlay(DATAPATH)
    yield joined
    joined.stop()


def attach(host: Host, remote: str) -> Result:
    """Make the host's end of the tunnel, and attach a container with the host's number."""
    bridge = ("add-br", "br-int", "--", "set", "bridge", "br-int", f"datapath_type={DATAPATH}")
    tunnel = ("type=geneve", f"options:remote_ip={remote}")
    host.run("ovs-vsctl", *bridge, "--", "add-port", "br-int", "gnv0", "--", "set", "interface", "gnv0", *tunnel)
    host.container(f"c{host.number}")
    return host.ours("add-port", "br-int", "eth0", f"c{host.number}", f"--ipaddress=10.0.0.{host.number}/24", MTU)


def test_containers_on_two_hosts_talk_through_a_tunnel(pair: hosts.Underlay) -> None:
    one, two = pair.first, pair.second
    assert (attach(one, two.ip), attach(two, one.ip)) == (DONE, DONE)
    reached = [two.inside("c2", "ping", "-c", "1", "-W", "2", "10.0.0.1").code for _ in range(3)]
    sent = one.inside("c1", "sh", "-c", MEGABYTE).out
    one.inside("c1", "httpd", "-p", "80", "-h", "/tmp")
    assert (0 in reached, two.inside("c2", "sh", "-c", FETCH).out) == (True, sent)
