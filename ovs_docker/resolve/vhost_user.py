"""Finds out whether a container can have a vhost-user port: DPDK, the mounted directory, the socket. Reads only.

Who gives the directory may be a stranger (a label): it has to be one that the container has anyway.
"""

import os
from stat import S_ISDIR

from ovs_docker.backends.engine.process import open_root
from ovs_docker.backends.kernel.files import open_inside
from ovs_docker.backends.ovsdb.operations import root, select
from ovs_docker.backends.ovsdb.port_operations import has_socket
from ovs_docker.errors import BadValue, ContainerUnfit, VswitchdRefused
from ovs_docker.model.container import Container, Mount
from ovs_docker.model.port import PortSpec
from ovs_docker.resolve.interfaces import PortFacts
from ovs_docker.world import World

NO_DPDK = "this ovs-vswitchd runs without DPDK (dpdk_initialized is false)"
START_DPDK = "ovs-vsctl set Open_vSwitch . other_config:dpdk-init=true, then restart ovs-vswitchd; its log says more"


def check(world: World, spec: PortSpec, container: Container, port: PortFacts) -> None:
    """Raise an error where vswitchd has no DPDK, the container not the directory, or another port the socket."""
    directory = spec.vhost_user or ""
    selects = [select("Open_vSwitch"), select("Interface", has_socket(spec.socket), columns=("name",))]
    switches, with_it = world.db.rows(selects)
    if root(switches).get("dpdk_initialized") is not True:
        raise VswitchdRefused(f"--vhost-user={directory}: {NO_DPDK}", START_DPDK)
    _check_directory(world, container, directory)
    own = [row.name for row in port.rows]
    if others := [row["name"] for row in with_it if row["name"] not in own]:
        said = f"the socket {spec.socket} is already that of port {others[0]}"
        raise BadValue(said, "give each container a directory of its own", "vhost-user", directory)


def _check_directory(world: World, container: Container, directory: str) -> None:
    real = os.path.realpath(directory)
    if real != directory:
        raise BadValue("leads through a symbolic link", f"it is {real}", "vhost-user", directory)
    mounts = [mount for mount in container.mounts if _is_from(mount, directory)]
    if not any(_is_there(world, container, mount, directory) for mount in mounts):
        said = f"--vhost-user={directory}: container {container.name} has not mounted this directory of the host"
        raise ContainerUnfit(said, f"{container.command} run --volume={directory}:{directory} …")
    if not any(mount.writable for mount in mounts):
        said = f"--vhost-user={directory}: container {container.name} has mounted it read-only"
        raise ContainerUnfit(said, "its DPDK application creates the socket there")


def _is_from(mount: Mount, directory: str) -> bool:
    try:
        return bool(mount.source) and os.path.realpath(mount.source) == directory
    except ValueError:  # no path
        return False


def _is_there(world: World, container: Container, mount: Mount, directory: str) -> bool:
    """Tell whether the container sees this very directory: engines name the path that they were told."""
    top = open_root(world.docker, container)
    try:
        inside = open_inside(top, mount.destination)
        try:
            found, there = os.fstat(inside), os.stat(directory)
        finally:
            os.close(inside)
    except OSError:
        return False
    finally:
        os.close(top)
    return S_ISDIR(there.st_mode) and (found.st_dev, found.st_ino) == (there.st_dev, there.st_ino)
