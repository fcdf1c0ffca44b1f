"""Open vSwitch with DPDK on the private host, and DPDK applications in containers. What follows is the tests' business.

Debian's packages may be installed, or be unpacked in a directory that OVS_DOCKER_DPDK names: installing them switches
the machine's own ovs-vswitchd over (update-alternatives).
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.host.daemons import Daemon
from tests.host.services import vswitchd
from tests.integration.support import containers
from tests.integration.support.commands import docker, ovs
from tests.integration.support.containers import Container

UNPACKED = os.environ.get("OVS_DOCKER_DPDK", "")
ROOT = Path(UNPACKED or "/")
VSWITCHD = ROOT / "usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk"
TESTPMD = ROOT / "usr/bin/dpdk-testpmd"
PAGES = Path("/proc/sys/vm/nr_hugepages")
FOR_SWITCH, FOR_APPLICATIONS = 300, 200  # huge pages of 2 MB; those of an application that has ended go late
SOCKETS = Path("/run/vhost")  # on the private host's own /run
LOG = "/testpmd.log"
DRIVERS = "bus_vdev", "mempool_ring", "net_virtio"


def require() -> None:
    """Skip the test where there is no DPDK, or no huge page."""
    if not VSWITCHD.exists():
        pytest.skip(f"{VSWITCHD} is not there: Debian's package openvswitch-switch-dpdk, or OVS_DOCKER_DPDK=DIRECTORY")
    if os.environ.get("OVS_DOCKER_DATAPATH") == "system" or not PAGES.exists():
        pytest.skip("this kernel has no huge pages")


def require_testpmd() -> None:
    if not TESTPMD.exists():
        pytest.skip(f"{TESTPMD} is not there: Debian's package dpdk-dev")


def libraries() -> list[Path]:
    """Return the directories of the unpacked libraries; none if they are installed."""
    found = [ROOT / path for path in ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu")]
    return found if UNPACKED else []


def environment() -> tuple[str, ...]:
    """Return the words that let a program find its libraries."""
    return "env", f"LD_LIBRARY_PATH={':'.join(map(str, libraries()))}"


def drivers() -> list[str]:
    """Return the options that load drivers from where they are unpacked; installed ones load by themselves."""
    found = [path for driver in DRIVERS for path in ROOT.glob(f"usr/lib/*/dpdk/pmds-*/librte_{driver}.so")]
    return [f"-d{path}" for path in found] if UNPACKED else []


@contextmanager
def huge_pages(number: int) -> Iterator[None]:
    """Take huge pages, and give them back; skip the test where they cannot be had."""
    before = PAGES.read_text()
    try:
        PAGES.write_text(str(max(number, int(before))))
    except OSError as error:
        pytest.skip(f"no huge pages: {error}")
    try:
        if (got := int(PAGES.read_text())) < number:
            pytest.skip(f"{got} huge pages of {number} were to be had")
        yield
    finally:
        PAGES.write_text(before)


def running() -> Daemon:
    """Return the vswitchd with DPDK."""
    plain = vswitchd()
    return Daemon(plain.name, (*environment(), str(VSWITCHD), *plain.command[1:]), plain.ready)


@contextmanager
def switch(**config: str) -> Iterator[Daemon]:
    """Run the vswitchd with DPDK in place of the host's own, with these settings of other_config (`_` for `-`)."""
    plain, daemon = vswitchd(), running()
    settings = [f"other_config:{key.replace('_', '-')}={text}" for key, text in config.items()]
    plain.stop()
    try:
        if settings:
            ovs("--no-wait", "set", "Open_vSwitch", ".", *settings)
        daemon.start()
        yield daemon
    finally:
        daemon.stop()
        ovs("--no-wait", "clear", "Open_vSwitch", ".", "other_config")
        plain.start()


@contextmanager
def dpdk(pages: int = FOR_SWITCH) -> Iterator[Daemon]:
    """Run Open vSwitch with DPDK and without network cards, as docs/dpdk.md says."""
    require()
    with (
        huge_pages(pages),
        _hugetlbfs(),
        switch(
            dpdk_init="true",
            dpdk_extra=" ".join(["--no-pci", *drivers()]),
            dpdk_socket_mem="256",
            dpdk_socket_limit="256",
            pmd_cpu_mask="0x2",
        ) as daemon,
    ):
        yield daemon


@contextmanager
def _hugetlbfs() -> Iterator[None]:
    directory = Path("/run/hugepages")
    directory.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "hugetlbfs", "none", directory], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", directory], check=True)


def application(name: str, *options: str, network: str = "none") -> Container:
    """Start a container that can run DPDK: a directory for its sockets, and the machine's libraries."""
    directory = SOCKETS / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    shown = [(path, path) for path in ("/usr", UNPACKED) if path]
    shown += [("/usr/lib", "/lib"), ("/usr/lib64", "/lib64")]
    volumes = [f"--volume={here}:{there}:ro" for here, there in shown]
    given = (f"--volume={directory}:{directory}", "--tmpfs=/var/run", "--cap-add=SYS_NICE")  # for set_mempolicy(2)
    return containers.create(name, *given, *volumes, *options, network=network)


def testpmd(container: Container, mode: str) -> None:
    """Run DPDK's test application in a container, with eth0.sock as the server's end, until the container stops."""
    require_testpmd()
    path = SOCKETS / container.name / "eth0.sock"
    words = (
        *(*environment(), str(TESTPMD), "--lcores=0@0,1@0", "--no-pci", "--in-memory", "--single-file-segments"),
        *("-m128", f"--file-prefix={container.name}", *drivers()),
        f"--vdev=net_virtio_user0,path={path},server=1,queues=1",
        *("--", f"--forward-mode={mode}", "--auto-start", "--stats-period=1", "--total-num-mbufs=2048"),
    )
    docker("exec", "--detach", container.id, "sh", "-c", f"rm -f {path}; exec {' '.join(words)} >{LOG} 2>&1 </dev/null")


def log(container: Container) -> str:
    return container.exec("cat", LOG).out
