"""Ways to an OVSDB server: what --db may say, and what is said where nobody answers."""

import socket
from pathlib import Path

import pytest

from ovs_docker.backends.ovsdb import Tls
from ovs_docker.backends.ovsdb.channels import _host_and_port, connect
from ovs_docker.backends.vswitch.switch import default_target
from ovs_docker.deadline import Deadline
from ovs_docker.errors import BadValue, Error, OvsdbMissing

NO_PLACES = ["tcp:", "tcp:h:x", "tcp:h:65536", "tcp:h:", "tcp:::1:6640", "tcp:[::1", "ssl:[h]:1", "ssl::1", "tcp:h:-1"]
NO_TLS = Tls(None, None, None)


def refusal(kind: type[Error], target: str) -> str:
    with pytest.raises(kind) as refused:
        connect(target, NO_TLS, Deadline(5))
    return refused.value.message


@pytest.mark.parametrize("target", ["", "unix", "unix:", "/run/db.sock", "pssl:1", "udp:h:1", *NO_PLACES])
def test_a_target_that_cannot_be_is_refused(target: str) -> None:
    assert refusal(BadValue, target) == f"--db={target}: needs unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT"


@pytest.mark.parametrize(
    ("rundir", "target"),
    [(None, "unix:/var/run/openvswitch/db.sock"), ("", "unix:/var/run/openvswitch/db.sock"), ("/x", "unix:/x/db.sock")],
)
def test_the_default_is_where_ovs_vsctl_looks(rundir: str | None, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OVS_RUNDIR", raising=False)
    if rundir is not None:
        monkeypatch.setenv("OVS_RUNDIR", rundir)
    assert default_target() == target


def test_a_socket_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "db.sock"
    assert refusal(OvsdbMissing, f"unix:{path}") == f"no Open vSwitch database at {path}"


def test_a_socket_that_nobody_listens_on_is_told(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(path)
    assert refusal(OvsdbMissing, f"unix:{path}") == (
        f"no answer from the Open vSwitch database at {path}: Connection refused"
    )


def test_a_tcp_port_that_nobody_listens_on_is_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = refusal(OvsdbMissing, f"tcp:127.0.0.1:{port}")
    assert said.startswith(f"no answer from the database at tcp:127.0.0.1:{port}: ")


def test_tls_needs_its_three_files() -> None:
    assert refusal(BadValue, "ssl:127.0.0.1:1") == "--db=ssl:…: needs --private-key=FILE as well"


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("h", ("h", 6640)),
        ("h:1", ("h", 1)),
        ("127.0.0.1:6641", ("127.0.0.1", 6641)),
        ("[::1]", ("::1", 6640)),
        ("[fe80::1%eth0]:65535", ("fe80::1%eth0", 65535)),
    ],
)
def test_a_host_may_have_a_port_and_an_ipv6_address_brackets(rest: str, found: tuple[str, int]) -> None:
    assert _host_and_port(rest) == found


@pytest.mark.parametrize("depth", [0, 3])
def test_a_path_of_any_length_is_connected_to(depth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """sun_path ends at 107 bytes (unix(7))."""
    directory = tmp_path.joinpath(*["d" * 50] * depth)
    directory.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(directory)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        server.listen()
        channel = connect(f"unix:{directory}/s", NO_TLS, Deadline(5))
        channel.send(b"ping", 5)
        peer, _ = server.accept()
        with peer:
            peer.sendall(peer.recv(10)[::-1])
        assert [channel.receive(5), channel.receive(5)] == [b"gnip", b""]
