"""Where a privilege is missing: how to do without it, and what to say. Loaded when the kernel has refused something."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ovs_docker.errors import NoPermission


def lacking(what: str, capability: str) -> NoPermission:
    """Make the error for `what` was refused for want of a capability."""
    return NoPermission(what, hint(capability))


def hint(*capabilities: str) -> str:
    """Say what to do: a root who lacks a capability, or has it in vain, is one in a container, as a rule."""
    if os.geteuid():
        return "run ovs-docker as root"
    names = " and ".join(f"CAP_{name}" for name in capabilities)
    if not missing(*capabilities):
        said = f"root has {names} here, but not for that"
        return f"{said}; in a container on a host with AppArmor, docker run --security-opt=apparmor=unconfined"
    options = " ".join(f"--cap-add={name}" for name in capabilities)
    return f"root has no {names} here; in a container, docker run {options}"


def missing(*capabilities: str) -> list[str]:
    """Return those of these capabilities that this process does not have in effect."""
    with open("/proc/self/status", "rb") as status:
        effective = next(int(line.split()[1], 16) for line in status if line.startswith(b"CapEff"))
    return [name for name in capabilities if not effective >> _BITS[name] & 1]


_BITS = {"NET_ADMIN": 12, "SYS_PTRACE": 19, "SYS_ADMIN": 21}  # capabilities(7)


@contextmanager
def as_user_of(pid: int) -> Iterator[None]:
    """Access files as the user of process `pid` does, in this thread only; without the right to, nothing changes.

    See setfsuid(2): it needs CAP_SETUID and CAP_SETGID, which Docker grants by default, and leaves CAP_SYS_ADMIN
    and CAP_NET_ADMIN in force.
    """
    import ctypes

    libc, owner = ctypes.CDLL(None), os.stat(f"/proc/{pid}")
    gid, uid = libc.setfsgid(owner.st_gid), libc.setfsuid(owner.st_uid)
    try:
        yield
    finally:
        libc.setfsuid(uid)
        libc.setfsgid(gid)
