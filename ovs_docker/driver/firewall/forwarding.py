"""The kernel's switches without which no rule of the firewall gets a packet: forwarding, and 127.0.0.1 on a bridge.

IPv4 forwarding is dockerd's affair: only if Docker itself switches it on does Docker also close the host to strangers
(the policy DROP of FORWARD), and the driver starts before it.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from ovs_docker.driver.firewall.fenced import Fenced
from ovs_docker.errors import KernelRefused

_SYSCTL = Path("/proc/sys/net")
_FORWARDING = {4: "ipv4/ip_forward", 6: "ipv6/conf/all/forwarding"}


def allow(networks: Sequence[Fenced]) -> None:
    """Let published ports answer on 127.0.0.1, and IPv6 be forwarded; raise KernelRefused."""
    for bridge in _on_loopback(networks):
        with suppress(FileNotFoundError):  # the bridge's device is to come: `missing` says so
            _write(_localnet(bridge), "1")
    if _is_forwarded(networks, 6) and _read(_FORWARDING[6]) == "0":
        _keep_advertisements()
        _write(_FORWARDING[6], "1")


def forbid_loopback(bridges: Iterable[str]) -> None:
    """Before the rule goes that keeps containers from the host's 127.0.0.1."""
    for bridge in bridges:
        with suppress(FileNotFoundError):
            _write(_localnet(bridge), "0")


def missing(networks: Sequence[Fenced]) -> list[str]:
    """Say which switches are off."""
    off = [
        f"{path.replace('/', '.')} is not 1: IPv{version} is not forwarded"
        for version, path in _FORWARDING.items()
        if _is_forwarded(networks, version) and _read(path) != "1"
    ]
    for bridge in _on_loopback(networks):
        if _read(_localnet(bridge)) != "1":
            off.append(f"route_localnet of {bridge} is not 1: its published ports do not answer on 127.0.0.1")
    return off


def _keep_advertisements() -> None:
    """A host that forwards heeds router advertisements no longer, its default route say, unless accept_ra is 2."""
    for accept in (_SYSCTL / "ipv6/conf").glob("*/accept_ra"):
        path = str(accept.relative_to(_SYSCTL))
        if accept.parent.name not in ("all", "default") and _read(path) == "1":
            with suppress(FileNotFoundError):
                _write(path, "2")


def _is_forwarded(networks: Sequence[Fenced], version: int) -> bool:
    return any(network.has(version) and not network.internal for network in networks)


def _on_loopback(networks: Sequence[Fenced]) -> list[str]:
    return sorted({network.bridge for network in networks if network.on_loopback()})


def _localnet(bridge: str) -> str:
    return f"ipv4/conf/{bridge}/route_localnet"


def _read(path: str) -> str:
    try:
        return (_SYSCTL / path).read_text().strip()
    except OSError:
        return ""


def _write(path: str, value: str) -> None:
    try:
        (_SYSCTL / path).write_text(value)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KernelRefused(f"cannot write {_SYSCTL / path}: {error.strerror}") from None
