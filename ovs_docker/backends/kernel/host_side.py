"""The side of the host ends: the network namespace in which vswitchd looks for devices, which is usually our own.

Only this module decides which of its devices are ours; vswitchd.py finds the namespace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from socket import if_nameindex
from typing import TYPE_CHECKING

from ovs_docker.backends.kernel import nic
from ovs_docker.model.names import is_host_end

if TYPE_CHECKING:
    from ovs_docker.backends.kernel.netns import Netns
    from ovs_docker.backends.kernel.rtnl import Rtnl


class HostSide:
    """Links of the namespace `netns`; None is our own."""

    def __init__(self, netns: Netns | None) -> None:
        self.netns = netns
        self._rtnl: Rtnl | None = None

    def close(self) -> None:
        if self._rtnl:
            self._rtnl.close()

    @property
    def rtnl(self) -> Rtnl:
        """The conversation with the kernel about this namespace."""
        if self._rtnl is None:
            from ovs_docker.backends.kernel.rtnl import Rtnl

            with self.entered():
                self._rtnl = Rtnl()
        return self._rtnl

    def index_of(self, name: str) -> int | None:
        """Return the ifindex of a device, None if there is none."""
        with self.entered():
            return nic.index_of(name)

    def host_ends(self, names: Iterable[str]) -> dict[str, int]:
        """Return those of these devices that are host ends, with their ifindex: nothing else is ever deleted.

        A name proves nothing: anybody may call a device so.
        """
        with self.entered():
            there = {name: index for name in names if is_host_end(name) and (index := nic.index_of(name)) is not None}
            return {name: index for name, index in there.items() if nic.is_veth(name)}

    def is_foreign(self, name: str) -> bool:
        """Tell whether a port of this name cannot be ours: the name is none of ours, or the device is no veth."""
        return not is_host_end(name) or (self.index_of(name) is not None and not self.host_ends([name]))

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
