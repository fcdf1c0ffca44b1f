"""The record: what external_ids of an Interface row say of a port, as a value. The one module that knows the keys.

What an option has to do with it is parse/recorded.py's; the man page's section RECORD documents the keys.
"""

from collections.abc import Mapping
from typing import NamedTuple

OURS = "ovs-docker"

# The first two are the old script's; the next two are this trade's customs (Open vSwitch's IntegrationGuide).
KEYS = {
    "typed": "container_id",
    "interface": "container_iface",
    "iface_id": "iface-id",
    "mac": "attached-mac",
    "owner": "owner",
    "full_id": "ovs-docker-id",
    "name": "ovs-docker-name",
    "engine": "ovs-docker-engine",
    "addresses": "ovs-docker-addresses",
    "gateways": "ovs-docker-gateway",
    "routes": "ovs-docker-routes",
    "mtu": "ovs-docker-mtu",
    "tx_queue_len": "ovs-docker-tx-queue-len",
    "logical_switch": "ovs-docker-logical-switch",
    "port_security": "ovs-docker-port-security",
    "dynamic": "ovs-docker-dynamic",
}
_FIELDS = {key: field for field, key in KEYS.items()}
RESERVED = frozenset(_FIELDS)
_HOST = "ovs-docker-host"
INSTALLED = "ovn-installed"
_SHORT_ID = 12  # digits of a container's id, as engines print it


class Record(NamedTuple):
    """A port's record, each value as it is written; empty: not recorded."""

    typed: str = ""
    """The container as it was typed at add-port."""
    interface: str = ""
    iface_id: str = ""
    mac: str = ""
    owner: str = ""
    full_id: str = ""
    name: str = ""
    engine: str = ""
    """Container.engine; empty for Docker: the first records have none."""
    addresses: str = ""
    gateways: str = ""
    routes: str = ""
    mtu: str = ""
    tx_queue_len: str = ""
    logical_switch: str = ""
    port_security: str = ""
    dynamic: str = ""
    others: tuple[tuple[str, str], ...] = ()
    """What other programs and --external-id have written."""

    @classmethod
    def read(cls, external_ids: Mapping[str, str]) -> "Record":
        """Read a row's external_ids, or those of a logical port that we made."""
        known = {_FIELDS[key]: value for key, value in external_ids.items() if key in _FIELDS}
        return cls(**known, others=tuple(pair for pair in external_ids.items() if pair[0] not in _FIELDS))

    @property
    def external_ids(self) -> dict[str, str]:
        """Compose what is written to the row."""
        return dict(self.others) | {KEYS[field]: value for field, value in zip(self._fields, self[:-1]) if value}

    @property
    def is_ours(self) -> bool:
        return self.owner == OURS

    @property
    def container(self) -> str:
        """Return the container's name for people."""
        return self.name or self.typed

    @property
    def is_installed(self) -> bool:
        """Tell whether OVN has installed the logical port (ovn-controller(8), ovn-installed)."""
        return (INSTALLED, "true") in self.others

    def is_of(self, full_id: str) -> bool:
        """Tell whether the port is this container's, or may be: the script records no full id."""
        return self.full_id in ("", full_id)

    def is_called(self, word: str) -> bool:
        """Tell whether a word names the container: as typed at add-port, its name, its id or a short one."""
        return word in (self.typed, self.name, self.full_id) or begins(word, self.full_id)


def begins(word: str, full_id: str) -> bool:
    """Tell whether a word is long enough for a container's short id, and the beginning of this id."""
    return len(word) >= _SHORT_ID and full_id.startswith(word)


def is_short_id(word: str) -> bool:
    """Tell whether a word may be a short id of any container."""
    return len(word) >= _SHORT_ID and all(letter in "0123456789abcdef" for letter in word)


def pairs_of(**fields: str) -> dict[str, str]:
    """Return fields of a record as pairs of external_ids, empty ones too: for conditions."""
    return {KEYS[field]: value for field, value in fields.items()}


def installed() -> dict[str, str]:
    """Return the pair that OVN writes when an interface's logical port is live (ovn-controller(8))."""
    return {INSTALLED: "true"}


# --- on logical ports --------------------------------------------------------------------------------------------


def logical_port_marks(full_id: str, interface: str) -> dict[str, str]:
    """Return what stands in external_ids of the logical port that we made for an interface."""
    return pairs_of(owner=OURS, full_id=full_id, interface=interface)


def made_on(chassis: str) -> dict[str, str]:
    """Return what a logical port says of the chassis, by its system-id, for whose container it was made."""
    return {_HOST: chassis}
