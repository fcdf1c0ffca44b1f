"""Reads the words of ovs-docker driver. Pure; first_network.py reads those of docker-ovs-plugin."""

from collections.abc import Callable
from typing import TypeVar

from ovs_docker.driver.networks import Defaults
from ovs_docker.errors import BadValue
from ovs_docker.model.network import MODES
from ovs_docker.parse import readers

_T = TypeVar("_T")
_DIRECTORY = "/run/docker/plugins"
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


def defaults(name: str, mode: str, mtu: str) -> Defaults:
    """Read the options; empty ones were not given. Raise BadValue."""
    return Defaults(
        _read("name", _name, name or "ovs"),
        _read("mode", _mode, mode or "nat"),
        _read("mtu", readers.mtu, mtu) if mtu else None,
    )


def socket_path(path: str, name: str) -> str:
    return path or f"{_DIRECTORY}/{name}.sock"


def _name(text: str) -> str:
    if not _NAME.issuperset(text) or text.startswith((".", "-")):
        raise ValueError("needs letters, digits, _, . and -")
    return text


def _mode(text: str) -> str:
    if text not in MODES:
        raise ValueError("needs nat, flat or routed")
    return text


def _read(option: str, read: Callable[[str], _T], text: str) -> _T:
    try:
        return read(text)
    except ValueError as error:
        raise BadValue(str(error), option=option, value=text) from None
