"""The record: a port's external_ids in its Interface row, as a value. Only this module knows the keys.

The man page's section RECORD documents them; parse/recorded.py converts options to the record and back.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ovs_docker.model.container import Container, beginnings

OURS = "ovs-docker"

# The first two are the old script's, the next two are conventional (Open vSwitch's IntegrationGuide).
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
    "ofport": "ovs-docker-ofport",
    "logical_switch": "ovs-docker-logical-switch",
    "port_security": "ovs-docker-port-security",
    "dynamic": "ovs-docker-dynamic",
    "vhost_user": "ovs-docker-vhost-user",
    "bridge": "ovs-docker-bridge",
    "tag": "ovs-docker-vlan",
    "trunks": "ovs-docker-trunks",
    "network": "ovs-docker-network",
    "endpoint": "ovs-docker-endpoint",
    "ports": "ovs-docker-ports",
}
_FIELDS = {key: field for field, key in KEYS.items()}
RESERVED = frozenset(_FIELDS)
_HOST = "ovs-docker-host"
_IP = "ovs-docker-ip-"
INSTALLED = "ovn-installed"
_DIGITS = 5  # of an OpenFlow number


class Record(NamedTuple):
    """A port's record, each value as stored; empty: not recorded."""

    typed: str = ""
    """The container as it was typed at add-port."""
    interface: str = ""
    iface_id: str = ""
    mac: str = ""
    owner: str = ""
    full_id: str = ""
    name: str = ""
    engine: str = ""
    """Container.engine; empty for Docker, as in the first records."""
    addresses: str = ""
    gateways: str = ""
    routes: str = ""
    mtu: str = ""
    tx_queue_len: str = ""
    ofport: str = ""
    """The OpenFlow number as it was given: the kernel's datapath loses it with the device (ofport is -1 then)."""
    logical_switch: str = ""
    port_security: str = ""
    dynamic: str = ""
    vhost_user: str = ""
    bridge: str = ""
    """The bridge asked for, no fake one; empty: nothing is recorded of it and of the VLANs, as in the first records."""
    tag: str = ""
    trunks: str = ""
    network: str = ""
    """The id of the Docker network whose port it is, and of the endpoint; model/network.py reads published ports."""
    endpoint: str = ""
    ports: str = ""
    ips: tuple[str, ...] = ()
    """The addresses without their lengths, a key for each: a condition finds those."""
    others: tuple[tuple[str, str], ...] = ()
    """Pairs written by other programs and --external-id."""

    @classmethod
    def read(cls, external_ids: Mapping[str, str]) -> "Record":
        """Read the external_ids of a row, or of a logical port that ovs-docker created."""
        known, ips, others = dict[str, str](), [], []
        for key, value in external_ids.items():  # one loop: 10,000 ports have 150,000 pairs
            if field := _FIELDS.get(key):
                known[field] = value
            elif value == "true" and key.startswith(_IP):
                ips.append(key.removeprefix(_IP))
            else:
                others.append((key, value))
        return cls(**known, ips=tuple(ips), others=tuple(others))

    @property
    def external_ids(self) -> dict[str, str]:
        fields = zip(self._fields, self[: len(KEYS)])
        return dict(self.others) | ip_marks(self.ips) | {KEYS[field]: str(value) for field, value in fields if value}

    @property
    def is_ours(self) -> bool:
        return self.owner == OURS

    def put_on(self, bridge: str, tag: int | None, trunks: Iterable[int]) -> "Record":
        """Return the record of a port that is asked for on this bridge, no fake one, with these VLANs."""
        return self._replace(bridge=bridge, tag=tag_text(tag), trunks=trunks_text(trunks))

    @property
    def container(self) -> str:
        return self.name or self.typed

    @property
    def is_installed(self) -> bool:
        """Tell whether OVN has installed the logical port (ovn-controller(8), ovn-installed)."""
        return (INSTALLED, "true") in self.others

    def bears(self, marks: Mapping[str, str]) -> bool:
        """Tell whether these pairs are among the external_ids."""
        return marks.items() <= self.external_ids.items()

    @property
    def number(self) -> int | None:
        return int(self.ofport) if self.ofport.isdecimal() and len(self.ofport) <= _DIGITS else None

    def is_of(self, full_id: str) -> bool:
        """Tell whether the port is, or may be, this container's: the script records no full id."""
        return self.full_id in ("", full_id)

    def words(self, lengths: Iterable[int]) -> list[str]:
        """Return what the container is called: as typed at add-port, by name, by full id, by short ids so long."""
        return [self.typed, self.name, self.full_id, *beginnings(self.full_id, lengths)]

    def is_called(self, word: str, known: Container | None = None) -> bool:
        """Tell whether a word names the container; `known` is the one that the engine has by that word, if any.

        Then full ids are compared if both are known, else names. An equal container_id matches always, as for the old
        script, unless the container is another engine's.
        """
        if known and self.full_id and self.engine != known.engine:
            return False
        if known and word != self.typed:
            return self.full_id == known.id or (not self.full_id and self.typed in known.forms(word))
        return word in self.words([len(word)])


def pairs_of(**fields: str) -> dict[str, str]:
    """Return fields of a record as pairs of external_ids, also empty ones, for conditions."""
    return {KEYS[field]: value for field, value in fields.items()}


def ip_marks(ips: Iterable[str]) -> dict[str, str]:
    """Return the pairs by which a port is found that has these IP addresses, among others."""
    return {f"{_IP}{ip}": "true" for ip in ips}


def tag_text(tag: int | None) -> str:
    return "" if tag is None else str(tag)


def trunks_text(trunks: Iterable[int]) -> str:
    return ",".join(map(str, trunks))


def installed() -> dict[str, str]:
    """Return the pair that OVN writes when it has installed an interface's logical port (ovn-controller(8))."""
    return {INSTALLED: "true"}


# --- on logical ports --------------------------------------------------------------------------------------------


def logical_port_marks(full_id: str, interface: str) -> dict[str, str]:
    """Return the pairs in external_ids by which an interface's logical port is found again."""
    return pairs_of(owner=OURS, full_id=full_id, interface=interface)


def made_on(chassis: str) -> dict[str, str]:
    """Return the pair in a logical port's external_ids that names its chassis by system-id."""
    return {_HOST: chassis}
