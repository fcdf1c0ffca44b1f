"""A whole Open vSwitch in one container with a network namespace of its own; the host's is stopped meanwhile.

It has NET_ADMIN and /dev/net/tun and nothing else. What is attached to it is up to the tests.
"""

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.host import USERSPACE_ONLY, services
from tests.host.namespaces import mount
from tests.integration.support import containers, ovs_image
from tests.integration.support.commands import docker, in_namespace, run
from tests.integration.support.containers import Container
from tests.integration.support.fleet import wait_until

RIGHTS = ("--cap-add=NET_ADMIN", "--device=/dev/net/tun")
CUSTOMARY = "/var/run/openvswitch"
DATABASE = "/etc/openvswitch/conf.db"
BOTH = """
trap 'kill %1 %2; exit 0' TERM
mkdir -p $RUN
[ -e $DB ] || ovsdb-tool create $DB /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server $DB --remote=punix:$RUN/db.sock --unixctl=$RUN/ovsdb-server.ctl --pidfile=$RUN/ovsdb-server.pid &
ovs-vsctl --db=unix:$RUN/db.sock --retry --no-wait init
cd $RUN
OVS_RUNDIR=$RUN ovs-vswitchd unix:$RUN/db.sock $ONLY --pidfile=$RUN/ovs-vswitchd.pid &
wait
"""


@contextlib.contextmanager
def no_switch_on_the_host() -> Iterator[None]:
    """Be a host that never had an Open vSwitch for the length of a with block, and remove all containers after it."""
    ovs_image.load()  # of the programs that are hidden then
    with services.vswitchd().stopped(), services.ovsdb().stopped(), _hidden():
        try:
            yield
        finally:
            containers.remove_all()


@contextlib.contextmanager
def _hidden() -> Iterator[None]:
    """Hide run directory, database and package."""
    package = Path("/usr/sbin/ovs-vswitchd").resolve().parent
    empty = [path for path in (package, Path("/etc/openvswitch")) if path.is_dir() and "openvswitch" in path.name]
    run_directory = Path("/run/openvswitch")
    away = run_directory.rename("/run/away")
    for path in empty:
        mount("tmpfs", str(path), "tmpfs")
    try:
        yield
    finally:
        for path in empty:
            run("umount", str(path), check=True)
        if run_directory.exists():
            shutil.rmtree(run_directory)
        away.rename(run_directory)


def start(name: str, *options: str, directory: str = CUSTOMARY) -> Container:
    """Start a container with both daemons, their sockets in ``directory``, and wait until they answer."""
    ovs_image.load()
    switch = Container(name, docker(*words(name, *options), ovs_image.NAME, "-c", program(directory)))
    wait_until(lambda: answers(switch, directory))
    return switch


def words(name: str, *options: str) -> tuple[str, ...]:
    """Return the words that start it, up to the image's name."""
    return ("run", "--detach", f"--name={name}", "--network=none", *RIGHTS, *options, "--entrypoint=/bin/sh")


def program(directory: str = CUSTOMARY) -> str:
    """Return what its shell runs."""
    return f"RUN={directory}; DB={DATABASE}; ONLY='{' '.join(USERSPACE_ONLY)}'; {BOTH}"


def answers(switch: Container, directory: str = CUSTOMARY) -> bool:
    """Tell whether its vswitchd applies changes."""
    at = ("ovs-vsctl", f"--db=unix:{directory}/db.sock", "--timeout=5")
    change = ("open_vswitch", ".", "other_config", "probe=1")  # a bridge needs a datapath, and 4.0 fails without
    return all(switch.exec(*at, word, *change).code == 0 for word in ("add", "remove"))


def links(switch: Container) -> list[str]:
    """Return the host ends in its namespace."""
    return host_ends(in_namespace(switch.pid, "ip", "-json", "link").out)


def host_ends(ip_link: str) -> list[str]:
    """Return those devices in ``ip -json link`` that are called like host ends."""
    return sorted(link["ifname"] for link in json.loads(ip_link) if link["ifname"].endswith("_l"))


def ports(switch: Container) -> list[str]:
    """Return the ports on br-int."""
    return sorted(docker("exec", switch.name, "ovs-vsctl", "list-ports", "br-int").split())
