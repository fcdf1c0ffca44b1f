"""What ovs-docker depends on: privilege, Docker, the database, ovs-vswitchd, a datapath. Ports are in check/port.py."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from glob import glob

from ovs_docker.backends.kernel.privilege import hint, missing
from ovs_docker.backends.ovsdb import operations as ops
from ovs_docker.backends.ovsdb.session import atoms, one, pairs
from ovs_docker.check.finding import Checked, Finding
from ovs_docker.errors import Error, WorldChanged
from ovs_docker.model.names import VHOST_USER
from ovs_docker.resolve.vhost_user import NO_DPDK, START_DPDK
from ovs_docker.world import World

_CAPABILITIES = "NET_ADMIN", "SYS_ADMIN"
_PATIENCE = 5.0  # seconds for vswitchd to answer


def look(world: World) -> list[Checked]:
    """Check everything but ports, in the order in which to fix it, each with a share of the time: one may hang."""
    with world.deadline.shared(3):
        docker = _asked("Docker", lambda: _docker(world))
    return [_asked("privilege", _privilege), docker, *_switch(world)]


def _switch(world: World) -> Iterator[Checked]:
    with world.deadline.shared(2):
        database = _asked("database", lambda: _database(world))
    yield database
    if not database.findings:
        yield _asked("ovs-vswitchd", lambda: _vswitchd(world))
        yield _asked("datapath", lambda: _datapath(world))
        if _needs_dpdk(world):
            yield _asked("DPDK", lambda: _dpdk(world))


def _asked(subject: str, question: Callable[[], str | Finding]) -> Checked:
    """Ask, and append a good answer to the subject."""
    try:
        answer = question()
    except Error as error:
        answer = Finding(error.code, error.message, error.hint)
    if isinstance(answer, Finding):
        return Checked(subject, {}, [answer])
    return Checked(f"{subject}: {answer}", {})


def _privilege() -> str | Finding:
    if lacking := missing(*_CAPABILITIES):
        said = f"{_named(lacking)} {'is' if len(lacking) == 1 else 'are'} missing"
        return Finding("no-permission", said, hint(*lacking))
    return f"{_named(_CAPABILITIES)} are there"


def _named(capabilities: Iterable[str]) -> str:
    return " and ".join(f"CAP_{name}" for name in capabilities)


def _docker(world: World) -> str:
    running = sum(container.running for container in world.docker.containers())
    return f"answers at {world.docker.url}, {running} container{'s run' if running != 1 else ' runs'}"


def _database(world: World) -> str:
    row = _row(world)
    version = one(row["ovs_version"])  # which ovs-ctl writes
    return f"answers at {world.switch.said}" + (f", Open vSwitch {version}" if version else "")


def _row(world: World) -> ops.Op:
    return ops.root(world.db.rows([ops.select("Open_vSwitch")])[0])


def _vswitchd(world: World) -> str | Finding:
    """Ask for a sign of life, like every ovs-vsctl: vswitchd sets cur_cfg to next_cfg."""
    world.check_here()
    if not world.wait:
        return "not asked (--no-wait)"
    if world.settings.dry_run:  # then nothing is written
        wanted = _row(world)["next_cfg"]
    else:
        wanted = ops.root(world.db.transact(ops.bump())[-1]["rows"])["next_cfg"]
    left = world.deadline.left("ovs-vswitchd")
    seconds = _PATIENCE if left is None else min(_PATIENCE, left / 2)  # the rest of the time is for the rest
    try:
        world.db.transact([ops.await_cfg(wanted, seconds)])
    except WorldChanged:
        said = f"has not answered within {seconds:.3g} s"
        return Finding("timeout", said, "is it running? service openvswitch-switch restart")
    where = "a network namespace of its own" if world.switch.netns else "this network namespace"
    return f"{'has applied' if world.settings.dry_run else 'applies'} changes, in {where}"


def _needs_dpdk(world: World) -> bool:
    """Tell whether vswitchd is to use DPDK, or a port needs it."""
    if pairs(_row(world)["other_config"]).get("dpdk-init") in ("true", "try"):
        return True
    return any(world.db.rows([ops.select("Interface", ["type", "==", VHOST_USER], columns=("name",))]))


def _dpdk(world: World) -> str | Finding:
    row = _row(world)
    if row.get("dpdk_initialized") is True:
        return f"is initialized, {one(row['dpdk_version']) or 'of an unknown version'}"
    if "dpdk-init" in pairs(row["other_config"]) and not _huge_pages():
        hint = "echo 300 > /proc/sys/vm/nr_hugepages, then restart ovs-vswitchd"
        return Finding("no-huge-pages", f"{NO_DPDK}, and there are no huge pages", hint)
    return Finding("no-dpdk", NO_DPDK, START_DPDK)


def _huge_pages() -> int:
    """Return how many huge pages there are, of any size (hugetlbpage.rst of the kernel's documentation)."""
    found = 0
    for path in glob("/sys/kernel/mm/hugepages/*/nr_hugepages"):
        with open(path) as number:
            found += int(number.read())
    return found


def _datapath(world: World) -> str | Finding:
    types = {str(name) for name in atoms(_row(world).get("datapath_types", ["set", []]))}
    if os.path.exists("/sys/module/openvswitch"):
        return "the kernel module openvswitch is loaded"
    if "netdev" not in types:
        said = "the kernel module openvswitch is not loaded, and this ovs-vswitchd has no userspace datapath"
        return Finding("no-datapath", said, "modprobe openvswitch")
    return "userspace only, without the kernel module openvswitch: new bridges need --datapath-type=netdev"
