"""What is said where DPDK is missing, and of checksum offload in userspace. Needs neither DPDK nor huge pages."""

import sys

import pytest

from tests.integration.support import dpdk
from tests.integration.support.commands import in_namespace, ours, ovs
from tests.integration.support.containers import Container, create

OFFLOAD_ON = """
from array import array; from ovs_docker.backends.kernel import nic
nic._ethtool("eth0", array("I", [nic._ETHTOOL_STXCSUM, 1]))
"""


def switch_offload_on(container: Container) -> None:
    in_namespace(container.pid, sys.executable, "-c", OFFLOAD_ON)


@pytest.fixture
def userspace_bridge() -> None:
    ovs("add-br", "br-dpdk", "--", "set", "bridge", "br-dpdk", "datapath_type=netdev")


def test_a_vhost_user_port_is_refused_and_nothing_is_changed(userspace_bridge: None) -> None:
    directory = dpdk.SOCKETS / "c1"
    directory.mkdir(parents=True, exist_ok=True)
    create("c1", f"--volume={directory}:{directory}")
    done = ours("add-port", "br-dpdk", "eth0", "c1", f"--vhost-user={directory}")
    assert (done.code, "this ovs-vswitchd runs without DPDK" in done.err, ovs("list-ports", "br-dpdk")) == (1, True, "")


def test_check_names_the_missing_dpdk_only_where_a_port_needs_it(userspace_bridge: None) -> None:
    without = ours("check").out
    words = ("type=dpdkvhostuserclient", "options:vhost-server-path=/run/vhost/x.sock")
    ovs("--no-wait", "add-port", "br-dpdk", "vhost0", "--", "set", "Interface", "vhost0", *words)
    done = ours("check")
    assert ("DPDK" in without, done.code) == (False, 1)
    assert "wrong  DPDK: this ovs-vswitchd runs without DPDK (dpdk_initialized is false) (ovs-vsctl set" in done.out


def test_check_names_missing_huge_pages() -> None:
    if dpdk.PAGES.exists() and int(dpdk.PAGES.read_text()):
        pytest.skip("this machine has huge pages")
    ovs("--no-wait", "set", "Open_vSwitch", ".", "other_config:dpdk-init=try")
    try:
        assert "and there are no huge pages (echo 300 > /proc/sys/vm/nr_hugepages" in ours("check").out
    finally:
        ovs("--no-wait", "remove", "Open_vSwitch", ".", "other_config", "dpdk-init")


def test_check_names_checksum_offload_which_sync_switches_off(userspace_bridge: None, c1: Container) -> None:
    ours("add-port", "br-dpdk", "eth0", "c1", check=True)
    switch_offload_on(c1)
    found = ours("check").out
    assert "TX checksum offload is on in the container" in found
    assert found.endswith("(ovs-docker sync makes it as recorded)\n")
    assert "TX checksum offload off" in ours("sync", check=True).out
    assert ours("check").code == 0
