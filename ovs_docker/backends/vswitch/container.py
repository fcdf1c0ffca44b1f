"""Finds Open vSwitch in a container: the database's socket in any run directory, and vswitchd's network namespace.

Sockets are reached through the container's root directory, which has its mounts and leaves no path too long.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from socket import AF_UNIX, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, socket
from stat import S_ISSOCK
from time import sleep

from ovs_docker.backends.engine import Engine
from ovs_docker.backends.engine.process import has_just_started, open_root
from ovs_docker.backends.kernel.files import names_in, open_inside
from ovs_docker.backends.kernel.netns import Netns
from ovs_docker.backends.vswitch import vswitchd
from ovs_docker.backends.vswitch.switch import Switch
from ovs_docker.deadline import Deadline
from ovs_docker.errors import (
    DockerMissing,
    DockerRemote,
    Error,
    KernelRefused,
    NoPermission,
    NoSuchContainer,
    OvsdbMissing,
)
from ovs_docker.model.container import Container

_SOCKET = "db.sock"
_START, _PAUSE = 5.0, 0.1  # seconds that a database may take to start, and between two attempts
# Where Debian's and Fedora's packages, and Open vSwitch built from source, have their sockets.
_CUSTOMARY = "/var/run/openvswitch", "/run/openvswitch", "/usr/local/var/run/openvswitch", "/usr/var/run/openvswitch"


def find(engine: Engine, typed: str, db: str | None, deadline: Deadline) -> Switch:
    """Return the Open vSwitch in this container; with `db`, that database and the container's vswitchd.

    One that was started a moment ago may still have to start its database.
    """
    while True:
        container = engine.inspect(typed)
        try:
            return _find(engine, container, db)
        except OvsdbMissing:
            if deadline.is_over() or not has_just_started(container, _START):
                raise
        sleep(_PAUSE)


def _find(engine: Engine, container: Container, db: str | None) -> Switch:
    root = open_root(engine, container)
    try:
        if db:
            return Switch(db, db, vswitchd.netns_of([container.pid])[0])
        return _switch(container, root)
    finally:
        os.close(root)


def discover(engine: Engine) -> Switch | None:
    """Return the Open vSwitch of the one running container that has one.

    Raises OvsdbMissing for several, KernelRefused if this kernel cannot look into containers.

    Containers without CAP_NET_ADMIN are skipped: they cannot run vswitchd, but any container can offer a socket.
    """
    found, blind = dict[tuple[int, int], Switch](), None
    for container in _containers(engine):
        try:
            if container.net_admin:
                switch = _find(engine, container, None)
                found.setdefault(_identity(switch), switch._replace(container=container.name))
        except KernelRefused as error:
            blind = error  # the same for all
        except Error:
            continue
    if blind and not found:
        raise blind
    if len(found) > 1:
        names = ", ".join(sorted(switch.container for switch in found.values()))
        raise OvsdbMissing(f"several containers hold an Open vSwitch: {names}", "choose one with --ovs-container=NAME")
    return next(iter(found.values()), None)


def _containers(engine: Engine) -> Iterator[Container]:
    """Yield the running containers; none if Docker does not answer."""
    with suppress(DockerMissing, DockerRemote, NoPermission):
        for listed in engine.containers():
            with suppress(NoSuchContainer):
                if listed.running:
                    yield engine.inspect(listed.id)


def _identity(switch: Switch) -> tuple[int, int]:
    """Identify a database by its socket, which two containers may share."""
    status = os.stat(switch.target.partition(":")[2])
    return status.st_dev, status.st_ino


def _switch(container: Container, root: int) -> Switch:
    dead = ""
    for directory in _directories(container, root):
        with suppress(OSError):
            socket_fd = open_inside(root, f"{directory}/{_SOCKET}")
            if _answers(socket_fd):
                netns, here = _netns_of_vswitchd(container, root, directory)
                said = _said(container, directory)
                return Switch(f"unix:/proc/self/fd/{socket_fd}", said, netns, socket_fd, here=here)
            os.close(socket_fd)
            dead = dead or directory
    if dead:
        raise OvsdbMissing(f"nobody answers at {_said(container, dead)}", "does ovsdb-server run there?")
    raise OvsdbMissing(
        f"container {container.name} has no Open vSwitch database: no {_SOCKET} in its mounts and run directories",
        "name the container of ovsdb-server, or the socket with --db=unix:PATH",
    )


def _said(container: Container, directory: str) -> str:
    return f"{directory}/{_SOCKET} of container {container.name}"


def _directories(container: Container, root: int) -> Iterator[str]:
    """Yield where the socket may be: OVS_RUNDIR and mounts, customary directories, directories of bound sockets."""
    yield from container.directories
    for mount in container.directories:
        with suppress(OSError):
            directory = open_inside(root, mount)
            names = names_in(directory)
            os.close(directory)
            yield from (f"{mount}/{name}" for name in names)
    yield from _CUSTOMARY
    yield from _bound(container.pid)


def _bound(pid: int) -> Iterator[str]:
    """Yield the directories of sockets of that name which are bound in the container's network namespace (unix(7))."""
    with suppress(OSError), open(f"/proc/{pid}/net/unix", "rb") as sockets:
        for line in sockets:
            words = os.fsdecode(line).rstrip("\n").split(" ", 7)
            path = words[-1].lstrip()
            if path.startswith("/") and path.endswith(f"/{_SOCKET}"):
                yield os.path.dirname(path)


def _answers(socket_fd: int) -> bool:
    if not S_ISSOCK(os.fstat(socket_fd).st_mode):
        return False
    with socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK) as knock:
        try:
            knock.connect(f"/proc/self/fd/{socket_fd}")
        except BlockingIOError:
            return True  # its queue is full: somebody listens
        except OSError:
            return False
    return True


def _netns_of_vswitchd(container: Container, root: int, directory: str) -> tuple[Netns | None, bool]:
    """Find vswitchd by its control socket beside the database; without one, assume that it runs in this container."""
    run = open_inside(root, directory)
    try:
        return vswitchd.netns_of([*vswitchd.pids(f"/proc/self/fd/{run}"), container.pid])
    finally:
        os.close(run)
