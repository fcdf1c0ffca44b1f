"""TLS on the way to an OVSDB server: our files, the server's certificate, and in words what is wrong with either.

The ovs package also has TLS, but does not report why it failed.
"""

from __future__ import annotations

import ssl
from socket import socket
from typing import NoReturn

from ovs_docker import signals
from ovs_docker.backends import read
from ovs_docker.backends.ovsdb import Server, Tls
from ovs_docker.backends.ovsdb.certificate_names import identifies, names_of
from ovs_docker.deadline import Deadline
from ovs_docker.errors import BadValue, Error, OvsdbMissing, TimedOut, TlsFailed

_OPTIONS = ("private-key", "certificate", "ca-cert")
# X509_verify_cert_error_string(3)
_NOT_YET_VALID, _EXPIRED, _NOT_OF_THE_CA = 9, 10, (18, 19, 20, 21)
# OpenSSL's reasons for bytes that are no TLS record at all.
_NO_TLS = ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
# The alerts of RFC 8446, section 6.2, that are about the certificate of the one who reads them.
_ALERTS = {
    "BAD_CERTIFICATE": "is not in order",
    "CERTIFICATE_EXPIRED": "has expired",
    "CERTIFICATE_REVOKED": "is revoked",
    "CERTIFICATE_REQUIRED": "is required",
    "CERTIFICATE_UNKNOWN": "is not acceptable",
    "UNKNOWN_CA": "is of a CA that it does not know",
    "UNSUPPORTED_CERTIFICATE": "is of a kind that it does not support",
}
_CA_OF_THE_SERVER = "it has to be signed by the CA that the server was given"


class Secured:
    """A TLS connection, for use after the handshake and the check of the host."""

    def __init__(self, loaded: ssl.SSLContext, tls: Tls, connection: socket, target: str, server: Server) -> None:
        self._tls = tls
        self._server = server
        self._target = target
        self.socket = loaded.wrap_socket(connection, do_handshake_on_connect=False)

    def handshake(self, deadline: Deadline) -> None:
        """Agree on a connection; raise TlsFailed where one side does not accept the other's certificate."""
        waiting_for = f"the TLS handshake of the database at {self._target}"
        self.socket.settimeout(deadline.left(waiting_for))
        try:
            with signals.waiting():
                self.socket.do_handshake()
        except TimeoutError:
            deadline.left(waiting_for)
            raise TimedOut(f"no end of {waiting_for}", "does it speak TLS there?") from None
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError):
            said = f"the database at {self._target} closed the connection during the TLS handshake"
            raise TlsFailed(said, "does it speak TLS there?") from None
        except OSError as error:
            raise self.explain(error) from None

    def check_host(self, host: str) -> None:
        """Raise TlsFailed where the server's certificate is another host's."""
        names = names_of(self.socket.getpeercert() or {})
        if not identifies(names, host):
            raise TlsFailed(
                f"the certificate of the database at {self._target} is for {', '.join(names)}, not for {host}",
                f"name the server in {self._server.called} as its certificate does",
            )

    def explain(self, error: OSError) -> Error:
        """Say what a failure of the handshake, or of what follows it, means."""
        where = f"the database at {self._target}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return self._distrust(error)
        reason = (getattr(error, "reason", None) or "") if isinstance(error, ssl.SSLError) else ""
        if reason in _NO_TLS:
            return TlsFailed(
                f"{where} does not speak TLS", f"{self._server.called}=tcp:{self._target.partition(':')[2]}?"
            )
        for alert, said in _ALERTS.items():
            if reason.endswith(f"ALERT_{alert}"):
                return TlsFailed(f"{where} says that --certificate={self._tls.certificate} {said}", _CA_OF_THE_SERVER)
        if reason:
            return TlsFailed(f"{where} and TLS: {_words(reason)}")
        return self._last_word() or OvsdbMissing(f"{where} closed the connection", "is it being restarted?")

    def _last_word(self) -> Error | None:
        """Read the alert of a server that hung up: with TLS 1.3 it judges our certificate after the handshake."""
        try:
            self.socket.settimeout(1)
            self.socket.recv(1)
        except ssl.SSLError as error:
            return self.explain(error) if "ALERT" in (error.reason or "") else None
        except OSError:
            return None
        return None

    def _distrust(self, error: ssl.SSLCertVerificationError) -> TlsFailed:
        whose = f"the certificate of the database at {self._target}"
        if error.verify_code == _EXPIRED:
            return TlsFailed(f"{whose}, or of its CA, has expired", "renew it; or is the clock of this host wrong?")
        if error.verify_code == _NOT_YET_VALID:
            return TlsFailed(f"{whose}, or of its CA, is not valid yet", "is the clock of this host wrong?")
        if error.verify_code in _NOT_OF_THE_CA:
            ca = f"--ca-cert={self._tls.ca_cert}"
            return TlsFailed(f"{whose} is not signed by the CA of {ca}", "that has to be the CA of the server")
        return TlsFailed(f"{whose} is not acceptable: {error.verify_message}")


def _words(reason: str) -> str:
    return reason.replace("_", " ").lower()


def context(tls: Tls, server: Server) -> ssl.SSLContext:
    """Load our files; raise BadValue naming the option of the one that cannot be used."""
    key, certificate, ca_cert = (_readable(option, path, server) for option, path in zip(_OPTIONS, tls))
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False  # it would turn the certificates of ovs-pki away; certificate_names.py looks
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_verify_locations(ca_cert)
    except ssl.SSLError:
        raise BadValue("has no certificate in PEM form", option="ca-cert", value=ca_cert) from None
    try:
        made.load_cert_chain(certificate, key, password=lambda: _refuse_pass_phrase(key))
    except ssl.SSLError as error:
        raise _unusable(key, certificate, error) from None
    return made


def _readable(option: str, path: str | None, server: Server) -> str:
    if not path:
        raise server.refused("ssl:…", f"needs --{option}=FILE as well")
    try:
        read(path)
    except OSError as error:
        raise BadValue(f"cannot be read: {error.strerror}", option=option, value=path) from None
    return path


def _refuse_pass_phrase(key: str) -> NoReturn:
    """Refuse a protected key: OpenSSL would ask for its pass phrase on the terminal."""
    hint = "openssl pkey -in FILE -out NEW-FILE"
    raise BadValue("is protected by a pass phrase", hint, option="private-key", value=key)


def _unusable(key: str, certificate: str, error: ssl.SSLError) -> BadValue:
    if error.reason == "KEY_VALUES_MISMATCH":
        return BadValue(f"does not belong to --certificate={certificate}", option="private-key", value=key)
    for option, path, mark in ("certificate", certificate, b"CERTIFICATE"), ("private-key", key, b"PRIVATE KEY"):
        if mark + b"-----" not in read(path):
            return BadValue(f"has no {mark.decode().lower()} in PEM form", option=option, value=path)
    both = f"{certificate} with --private-key={key}"
    return BadValue(_words(error.reason or str(error)), option="certificate", value=both)
