"""OVSDB servers: connections, conversations, operations. Here is what the ways to a server share."""

from typing import NamedTuple

from ovs_docker.errors import BadValue


class Tls(NamedTuple):
    """Paths of the PEM files for ssl:, as ovs-vsctl's options -p, -c and -C."""

    private_key: str | None
    certificate: str | None
    ca_cert: str | None


class Server(NamedTuple):
    """How errors call a server: the option that names it, what it holds, how it is started.

    `said` is where it is in words that people know, where its path is none. A server that is not named by an
    option is named by `setting`.
    """

    option: str
    holds: str
    start: str
    said: str = ""
    setting: str = ""

    @property
    def called(self) -> str:
        return self.setting or f"--{self.option}"

    def refused(self, target: str, said: str) -> BadValue:
        """Return the error that the server's name cannot be."""
        return BadValue(said, option=self.option, value=f"{self.setting}={target}" if self.setting else target)
