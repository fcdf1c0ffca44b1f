"""Certificates for tests: made by the real ovs-pki, and by openssl with the CA of ovs-pki where dates or names are odd.

Who shows them to whom is the tests' business.
"""

from pathlib import Path
from typing import NamedTuple

from tests.integration.support.commands import run


class Pair(NamedTuple):
    """A private key and the certificate that goes with it."""

    key: str
    certificate: str


class Pki:
    """A certificate authority in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self._home = directory
        self._home.mkdir()
        self._ovs_pki("init")
        self.ca = str(self._ca / "cacert.pem")

    @property
    def _ca(self) -> Path:
        return self._home / "pki/switchca"

    def _ovs_pki(self, *words: str) -> None:
        command = f'cd {self._home} && exec ovs-pki --dir=pki --log=log "$@"'
        run("sh", "-c", command, "sh", *words, check=True)

    def pair(self, name: str, *options: str) -> Pair:
        """Return a key and a certificate for ``name``, as ovs-pki makes them; -u leaves its unique id out."""
        self._ovs_pki(*options, "req+sign", name, "switch")
        return self._pair(name, f"{name}-cert.pem")

    def dated(self, name: str, start: int, end: int, alt_name: str = "") -> Pair:
        """Return a pair whose certificate is in force from the one year to the other."""
        self._ovs_pki("req", name)
        extensions = self._home / f"{name}.ext"
        extensions.write_text(f"subjectAltName = {alt_name}\n" if alt_name else "basicConstraints = CA:false\n")
        dates = f"-startdate {start}0101000000Z -enddate {end}0101000000Z"
        words = (
            f"openssl ca -config ca.cnf -batch -notext {dates} -extfile {extensions} -in {self._home}/{name}-req.pem"
        )
        # Another copy_extensions: the request's own subjectAltName would come along.
        alter = "sed 's/^copy_extensions.*/copy_extensions = none/' ca.cnf > plain.cnf"
        command = (
            f"cd {self._ca} && {alter} && {words.replace('ca.cnf', 'plain.cnf')} -out {self._home}/{name}-cert.pem"
        )
        run("sh", "-c", command, check=True)
        return self._pair(name, f"{name}-cert.pem")

    def _pair(self, name: str, certificate: str) -> Pair:
        return Pair(str(self._home / f"{name}-privkey.pem"), str(self._home / certificate))
