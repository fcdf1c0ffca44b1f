"""The daemons of a private host, and the words they start with: Open vSwitch's two, containerd and dockerd.

How a daemon is started and stopped is in daemons.py.
"""

import http.client
import itertools
import os
import socket
import subprocess

from tests.host import MARK, USERSPACE_ONLY
from tests.host.daemons import STATE, Daemon

OVS_SOCKET = "/run/openvswitch/db.sock"
DOCKER_SOCKET = "/run/docker.sock"
CONTAINERD_SOCKET = "/run/containerd/containerd.sock"
SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
DATABASE = STATE / "conf.db"
TLS_FILES = "private-key", "certificate", "ca-cert"

# The plugin "opt" would leave /opt/containerd on the machine; the others only cost time here.
CONTAINERD_CONFIG = f"""version = 2
root = "{STATE}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.grpc.v1.cri",
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "{CONTAINERD_SOCKET}"
"""

_serial = itertools.count()


def ovsdb() -> Daemon:
    """Return the database server of Open vSwitch; as that of ovs-ctl it follows set-manager and set-ssl."""
    remotes = f"--remote=punix:{OVS_SOCKET}", "--remote=db:Open_vSwitch,Open_vSwitch,manager_options"
    files = [f"--{name}=db:Open_vSwitch,SSL,{name.replace('-', '_')}" for name in TLS_FILES]
    command = ("ovsdb-server", str(DATABASE), *remotes, *files, *_ovs_options("ovsdb-server"))
    return Daemon("ovsdb-server", command, lambda: accepts(OVS_SOCKET))


def vswitchd() -> Daemon:
    """Return the switch."""
    command = ("ovs-vswitchd", f"unix:{OVS_SOCKET}", *USERSPACE_ONLY, *_ovs_options("ovs-vswitchd"))
    return Daemon("ovs-vswitchd", command, _configures)


def containerd() -> Daemon:
    """Return what dockerd runs its containers with."""
    command = ("containerd", f"--config={STATE}/containerd.toml")
    return Daemon("containerd", command, lambda: accepts(CONTAINERD_SOCKET))


def dockerd() -> Daemon:
    """Return the Docker Engine, whose containers' control groups lie below the one of this host.

    It touches no firewall and no bridge; containers outlive it (--live-restore), as they do on many servers.
    """
    command = (
        *("dockerd", f"--data-root={STATE}/docker", "--exec-root=/run/docker", "--pidfile=/run/docker.pid"),
        *(f"--host=unix://{DOCKER_SOCKET}", f"--containerd={CONTAINERD_SOCKET}", "--live-restore"),
        *("--bridge=none", "--iptables=false", "--ip6tables=false", "--userland-proxy=false"),
        *(f"--cgroup-parent=/{os.environ.get(MARK, '')}", "--exec-opt=native.cgroupdriver=cgroupfs"),
    )
    return Daemon("dockerd", command, _docker_answers)


def all_daemons() -> tuple[Daemon, ...]:
    """Return every daemon of the host, each after those it needs."""
    return ovsdb(), vswitchd(), containerd(), dockerd()


def start_all() -> None:
    """Start every daemon for the first time, side by side where they can; raises DaemonFailed."""
    (STATE / "containerd.toml").write_text(CONTAINERD_CONFIG)
    engine = (containerd(), dockerd())
    for daemon in engine:
        daemon.launch()
    _start_open_vswitch()
    for daemon in engine:
        daemon.wait_ready()


def _start_open_vswitch() -> None:
    subprocess.run(["ovsdb-tool", "create", DATABASE, SCHEMA], check=True)
    ovsdb().start()
    subprocess.run(["ovs-vsctl", "--no-wait", "init"], check=True)
    vswitchd().start()


def _ovs_options(name: str) -> tuple[str, ...]:
    return (
        f"--pidfile=/run/openvswitch/{name}.pid",
        "--no-chdir",
        "-vconsole:off",
        "-vsyslog:off",
        "-vfile:info",
        f"--log-file={STATE}/{name}.log",
    )


def accepts(path: str) -> bool:
    """Say whether a server listens on this socket."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(path) == 0


def _configures() -> bool:
    # Only a change makes ovs-vsctl wait for the switch, hence a value that is always new.
    mark = f"external_ids:ready={os.getpid()}.{next(_serial)}"
    words = ["ovs-vsctl", "--timeout=1", "set", "Open_vSwitch", ".", mark]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def _docker_answers() -> bool:
    connection = http.client.HTTPConnection("localhost", timeout=1)
    try:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(DOCKER_SOCKET)
        connection.request("GET", "/_ping")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
