"""OVSDB servers: connections, conversations, operations. Here is what the ways to a server share."""

from typing import NamedTuple


class Tls(NamedTuple):
    """Paths of the PEM files for ssl:, as ovs-vsctl's options -p, -c and -C."""

    private_key: str | None
    certificate: str | None
    ca_cert: str | None
