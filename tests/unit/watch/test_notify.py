"""systemd's protocol (sd_notify(3)), over a real socket."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from ovs_docker.watch import notify


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def test_a_state_arrives(systemd: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", systemd.getsockname())
    for state in ("READY=1", "WATCHDOG=1", "STOPPING=1"):
        notify.tell(state)
    assert [systemd.recv(99) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_an_abstract_socket_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("")  # the kernel chooses an abstract name (unix(7), autobind)
        listening.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + listening.getsockname()[1:].decode())
        notify.tell("READY=1")
        assert listening.recv(99) == b"READY=1"


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify.tell("READY=1")


def test_a_systemd_that_is_gone_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify.tell("STOPPING=1")


@pytest.mark.parametrize(
    ("usec", "pid", "seconds"),
    [
        ("30000000", None, 15.0),
        pytest.param("30000000", str(os.getpid()), 15.0, id="ours"),
        ("30000000", "1", None),
        (None, None, None),
        ("", None, None),
        ("soon", None, None),
        ("0", None, None),
        ("²", None, None),
        pytest.param("9" * 400, None, None, id="too-large"),
        pytest.param("9" * 5000, None, None, id="too-long"),
    ],
)
def test_a_sign_of_life_is_due_at_half_of_systemds_patience(
    usec: str | None, pid: str | None, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("WATCHDOG_USEC", usec), ("WATCHDOG_PID", pid)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert notify.watchdog_seconds() == seconds


def test_a_systemd_that_does_not_read_keeps_nobody_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datagrams = socket.AF_UNIX, socket.SOCK_DGRAM
    with socket.socket(*datagrams) as full, socket.socket(*datagrams) as sender:
        full.bind(str(tmp_path / "notify"))
        sender.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                sender.sendto(b"WATCHDOG=1", str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        telling = Thread(target=notify.tell, args=("READY=1",), daemon=True)
        telling.start()
        telling.join(5)
        assert not telling.is_alive()
