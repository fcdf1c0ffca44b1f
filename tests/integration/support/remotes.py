"""The host's database over TCP and TLS: ovs-vsctl set-manager and set-ssl, as on any host, and taken back.

What is said over it, and what is said where it cannot be, is in test_remote_*.py.
"""

import contextlib
from collections.abc import Iterator
from socket import AF_INET, AF_INET6, socket

from tests.integration.support.commands import ovs
from tests.integration.support.fleet import wait_until
from tests.integration.support.pki import Pair, Pki

TCP, TCP6, TLS = "tcp:127.0.0.1:6640", "tcp:[::1]:6640", "ssl:127.0.0.1:6641"
_PLACES = (AF_INET, ("127.0.0.1", 6640)), (AF_INET6, ("::1", 6640)), (AF_INET, ("127.0.0.1", 6641))
_LISTENERS = ("ptcp:6640:127.0.0.1", "ptcp:6640:[::1]", "pssl:6641:127.0.0.1")


@contextlib.contextmanager
def listening(server: Pair, ca: str) -> Iterator[None]:
    """Have the database listen on TCP and TLS, showing ``server`` and trusting ``ca``."""
    ovs("--", "set-ssl", *server, ca, "--", "set-manager", *_LISTENERS)
    try:
        wait_until(lambda: all(_accepts(*place) for place in _PLACES))
        yield
    finally:
        ovs("--", "del-manager", "--", "del-ssl")


def probing_every(milliseconds: int) -> None:
    """Have the server ask every so often whether we are still there."""
    for manager in ovs("--bare", "--columns=_uuid", "list", "manager").split():
        ovs("set", "manager", manager, f"inactivity_probe={milliseconds}")


def _accepts(family: int, address: tuple[str, int]) -> bool:
    with socket(family) as client:
        return client.connect_ex(address) == 0


class Secure:
    """A CA, a server of it that listens, and the options with which a client of it comes."""

    def __init__(self, pki: Pki) -> None:
        self.pki = pki
        self.server = pki.pair("ovsdb")
        self.client = pki.pair("client")

    def options(self, client: Pair | None = None, ca: str = "") -> tuple[str, str, str]:
        key, certificate = client or self.client
        return f"--private-key={key}", f"--certificate={certificate}", f"--ca-cert={ca or self.pki.ca}"
