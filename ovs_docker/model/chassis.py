"""A chassis: what ovn-controller reads in external_ids of the local Open_vSwitch row (ovn-controller(8)).

Only calls for OVN load this. Where the northbound database is, ovn-controller does not read.
"""

from collections.abc import Mapping
from typing import NamedTuple

_BRIDGE = "ovn-bridge-"
_OTHER_SETTINGS = ("datapath-type", "mappings", "remote")
"""What else begins with ovn-bridge-: of these, a key for one chassis has its name at the end."""


class Chassis(NamedTuple):
    """The settings of one ovn-controller; `remote` is empty where none is to run."""

    name: str
    """The system-id."""
    remote: str
    """The servers of the southbound database, separated by commas."""
    bridge: str
    """The integration bridge."""
    encap_types: str
    encap_ips: str

    def serves(self, bridge: str) -> bool:
        """Tell whether a bridge is the integration bridge of a running ovn-controller."""
        return bool(self.remote) and bridge == self.bridge


def own(ids: Mapping[str, str]) -> Chassis:
    """Return the chassis that has this host's system-id."""
    return _named(ids.get("system-id", ""), ids)


def all_here(ids: Mapping[str, str]) -> tuple[Chassis, ...]:
    """Return this host's own chassis and those of further ovn-controllers (option -n), which have keys of their own."""
    keys = (key.removeprefix(_BRIDGE) for key in ids if key.startswith(_BRIDGE))
    others = [name for name in keys if name != ids.get("system-id") and not name.startswith(_OTHER_SETTINGS)]
    return own(ids), *(_named(name, ids) for name in others)


def _named(name: str, ids: Mapping[str, str]) -> Chassis:
    """Read the settings of a chassis: KEY-NAME goes before KEY."""

    def setting(key: str, default: str = "") -> str:
        return ids.get(f"{key}-{name}" if name else key, ids.get(key, default))

    encap = setting("ovn-encap-type"), setting("ovn-encap-ip")
    return Chassis(name, setting("ovn-remote"), setting("ovn-bridge", "br-int"), *encap)
