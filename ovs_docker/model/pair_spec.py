"""A port asked for without a container, which add-port never loads. Ports of containers are in model/port.py."""

from typing import NamedTuple

from ovs_docker.model.record import Record


class PairSpec(NamedTuple):
    """A port without a container: somebody else moves the other end of its pair, and configures it."""

    owner: str
    """Whose port it is, e.g. network and endpoint id; model/names.py derives device names from it."""
    bridge: str
    other_end: str
    mac: str
    record: Record
    marks: dict[str, str]
    """The pairs of external_ids by which the port is found again."""
    called: str = ""
    """The other end in messages; empty: its name."""
    mtu: int | None = None
    tag: int | None = None
    trunks: tuple[int, ...] = ()
    ofport: int | None = None
    datapath_type: str | None = None
    place: str = ""
    answers_arp: bool = True
    """False: the host end leaves ARP to the gateway (model/wire.py)."""
