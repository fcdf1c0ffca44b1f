"""What is asked for without a container: a pair whose other end an engine moves. A container's port is port.py's.

It stands apart because no add-port loads it.
"""

from typing import NamedTuple

from ovs_docker.model.record import Record


class PairSpec(NamedTuple):
    """A port asked for without a container: somebody else moves the other end of its pair, and sets it up there."""

    owner: str
    """Whose port it is, e.g. network and endpoint id: one owner has one port. names.py makes device names of it."""
    bridge: str
    other_end: str
    mac: str
    record: Record
    marks: dict[str, str]
    """The pairs of external_ids, out of the record, by which the port is found again."""
    called: str = ""
    """What people call the other end; empty: by its name."""
    mtu: int | None = None
    tag: int | None = None
    trunks: tuple[int, ...] = ()
    ofport: int | None = None
    datapath_type: str | None = None
    place: str = ""
