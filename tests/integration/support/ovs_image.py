"""An image of Open vSwitch made of the programs that are installed here: one container for each of the two daemons.

It is used like servicefractal/ovs: the word behind the image's name says which daemon. Userspace datapath only.
"""

from pathlib import Path

from tests.host import USERSPACE_ONLY
from tests.integration.support.commands import docker, run
from tests.integration.support.file_tree import Tree

NAME = "servicefractal/ovs:latest"
SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
RUN, LOG, ETC, LIB = "/var/run/openvswitch", "/var/log/openvswitch", "/etc/openvswitch", "/var/lib/openvswitch"

RIGHTS = ("--cap-add=NET_ADMIN", "--cap-add=SYS_NICE", "--device=/dev/net/tun")
"""All that the daemons need. Not --privileged: it hands on every capability there is, and fails where the private
host lacks one itself."""

# exec: the daemon is the container's process 1, which a SIGTERM of docker stop reaches.
START = f"""#!/bin/sh
set -eu
case ${{1-}} in
    ovsdb-server)
        [ -e {ETC}/conf.db ] || ovsdb-tool create {ETC}/conf.db {SCHEMA}
        exec ovsdb-server {ETC}/conf.db --remote=punix:{RUN}/db.sock --pidfile --no-chdir \\
            -vconsole:off -vsyslog:off -vfile:info --log-file={LOG}/ovsdb-server.log
        ;;
    ovs-vswitchd)
        ovs-vsctl --retry --timeout=20 --no-wait init
        exec ovs-vswitchd unix:{RUN}/db.sock {" ".join(USERSPACE_ONLY)} --pidfile --no-chdir \\
            -vconsole:off -vsyslog:off -vfile:info --log-file={LOG}/ovs-vswitchd.log
        ;;
    *)
        echo "usage: start-ovs ovsdb-server | ovs-vswitchd" >&2
        exit 1
        ;;
esac
"""


def load() -> None:
    """Make the image, if this host has none yet."""
    if run("docker", "image", "inspect", NAME).code == 0:
        return
    tree = Tree()
    tree.add_programs("ovsdb-server", "ovs-vswitchd", "ovsdb-tool", "ovs-vsctl", "ovs-appctl", "ovs-ofctl")
    tree.add_busybox("sh", "sleep", "ip", "cat", "ls")
    tree.write(SCHEMA, _schema())
    tree.write("/bin/start-ovs", START, mode=0o755)
    tree.make_directories(RUN, LOG, ETC, LIB, "/tmp")
    volumes = " ".join((LOG, LIB, RUN, ETC))
    tree.load(NAME, ["start-ovs"], {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, f"VOLUME {volumes}")


def start(directory: Path, *options: str) -> None:
    """Start containers ovsdb-server and ovs-vswitchd, their files below ``directory`` of the host.

    ``options`` go to both docker run, ``--network`` among them; the second shares the first one's directories.
    """
    load()
    places = (f"--volume={directory}/{name}:{inside}" for name, inside in (("run", RUN), ("log", LOG), ("etc", ETC)))
    docker("run", "--detach", "--name=ovsdb-server", *options, *RIGHTS, *places, NAME, "ovsdb-server")
    words = ("--detach", "--name=ovs-vswitchd", "--volumes-from=ovsdb-server", *options, *RIGHTS)
    docker("run", *words, NAME, "ovs-vswitchd")


def vsctl(*words: str) -> str:
    """Return what ovs-vsctl in the switch's container prints."""
    return docker("exec", "ovs-vswitchd", "ovs-vsctl", "--retry", "--timeout=20", *words)


def _schema() -> str:
    with open(SCHEMA) as schema:
        return schema.read()
