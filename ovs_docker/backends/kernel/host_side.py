"""The side of the host ends: the network namespace in which vswitchd looks for devices, which is usually our own.

Which namespace that is, vswitchd.py finds out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from socket import if_nameindex
from typing import TYPE_CHECKING

from ovs_docker.backends.kernel import nic

if TYPE_CHECKING:
    from ovs_docker.backends.kernel.netns import Netns
    from ovs_docker.backends.kernel.rtnl import Rtnl


class HostSide:
    """Links of the namespace `netns`; None is our own."""

    def __init__(self, netns: Netns | None) -> None:
        self.netns = netns
        self._rtnl: Rtnl | None = None

    @property
    def rtnl(self) -> Rtnl:
        """The kernel's ear for this namespace."""
        if self._rtnl is None:
            from ovs_docker.backends.kernel.rtnl import Rtnl

            with self.entered():
                self._rtnl = Rtnl()
        return self._rtnl

    def index_of(self, name: str) -> int | None:
        """Return the ifindex of a device, None if there is none."""
        with self.entered():
            return nic.index_of(name)

    def links(self) -> dict[str, int]:
        """Return all devices by name, with their ifindex."""
        with self.entered():
            return {name: index for index, name in if_nameindex()}

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be in this namespace for the length of the body."""
        if self.netns is None:
            yield
        else:
            with self.netns.entered():
                yield
