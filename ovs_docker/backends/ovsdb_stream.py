"""The way to an OVSDB server over tcp: or ssl:, by the ovs package's streams. unix: is ovsdb_channels.py's."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import ovs.poller
from ovs.stream import Stream

from ovs_docker import signals
from ovs_docker.deadline import Deadline
from ovs_docker.errors import BadValue, OvsdbMissing

if TYPE_CHECKING:
    from ovs_docker.backends.ovsdb_channels import Tls


class StreamChannel:
    """A TCP or TLS connection."""

    def __init__(self, target: str, tls: Tls, deadline: Deadline) -> None:
        self._target = target
        if target.startswith("ssl:"):
            _use(tls)
        left = deadline.left(f"the database at {target}")
        try:
            opened = Stream.open_block(Stream.open(target), -1 if left is None else left * 1000)
        except (OSError, ValueError) as error:
            raise OvsdbMissing(f"no connection to the database at {target}: {error}") from None
        number, self._stream = opened
        if number:
            raise OvsdbMissing(
                f"no answer from the database at {target}: {os.strerror(number)}", "does ovsdb-server listen there?"
            )

    def send(self, data: bytes, timeout: float | None) -> None:
        while data:
            sent = self._stream.send(data)
            if sent == -errno.EAGAIN:
                self._wait(self._stream.send_wait, timeout)
            elif sent < 0:
                raise OvsdbMissing(f"the database at {self._target} closed the connection: {os.strerror(-sent)}")
            else:
                data = data[sent:]

    def receive(self, timeout: float | None) -> bytes:
        while True:
            number, data = self._stream.recv(1 << 20)
            if number == errno.EAGAIN:
                self._wait(self._stream.recv_wait, timeout)
            elif number:
                return b""
            else:
                return data or b""

    def _wait(self, register: Any, timeout: float | None) -> None:
        poller = ovs.poller.Poller()
        register(poller)
        before = ovs.timeval.msec()
        if timeout is not None:
            poller.timer_wait(int(timeout * 1000) + 1)
        with signals.waiting():
            poller.block()
        if timeout is not None and ovs.timeval.msec() - before > timeout * 1000:
            raise TimeoutError


def _use(tls: Tls) -> None:
    options = ("--private-key", tls.private_key), ("--certificate", tls.certificate), ("--ca-cert", tls.ca_cert)
    for option, path in options:
        if not path:
            raise BadValue(f"--db=ssl:…: needs {option}=FILE as well")
        if not os.access(path, os.R_OK):
            raise BadValue(f"{option}={path}: cannot be read")
    Stream.ssl_set_private_key_file(tls.private_key)
    Stream.ssl_set_certificate_file(tls.certificate)
    Stream.ssl_set_ca_cert_file(tls.ca_cert)
