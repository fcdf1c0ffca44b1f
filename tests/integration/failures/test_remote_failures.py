"""The database over the network, and what is wrong on the way: each cause has its own words, and nothing is left.

That it works is tested in test_remote_verbs.py.
"""

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from socket import create_server, socket
from typing import NamedTuple

import pytest

from tests.integration.support import remotes
from tests.integration.support.commands import Result, ours, run
from tests.integration.support.containers import Container
from tests.integration.support.pki import Pki
from tests.integration.support.refusal import ADD, nothing_changed, refusal
from tests.integration.support.remotes import TLS, Secure
from tests.integration.support.watching import Watch

WHO = f"the certificate of the database at {TLS}"
THERE = f"the database at {TLS}"


class Two(NamedTuple):
    """A CA with its server and client, and another CA that nobody here knows."""

    ours: Secure
    theirs: Secure


@pytest.fixture(scope="module")
def two(private_host: None, tmp_path_factory: pytest.TempPathFactory) -> Two:
    home = tmp_path_factory.mktemp("pki")
    return Two(*(Secure(Pki(home / name)) for name in ("ours", "theirs")))


@pytest.fixture
def secure(two: Two) -> Iterator[Secure]:
    """Return a CA whose server listens."""
    with remotes.listening(two.ours.server, two.ours.pki.ca):
        yield two.ours


def test_a_server_of_another_ca_is_not_trusted(bridge: str, c1: Container, secure: Secure, two: Two) -> None:
    ca = two.theirs.pki.ca
    with nothing_changed():
        said = refusal(f"--db={TLS}", *secure.options(ca=ca), *ADD)
    assert said == f"{WHO} is not signed by the CA of --ca-cert={ca} (that has to be the CA of the server)"


def test_programs_know_it_by_its_code(secure: Secure, two: Two) -> None:
    failed = ours(f"--db={TLS}", *secure.options(ca=two.theirs.pki.ca), "--format=json", "list-ports")
    assert (failed.code, [error["code"] for error in json.loads(failed.out)["errors"]]) == (1, ["tls-failed"])


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ((2019, 2020), "has expired (renew it; or is the clock of this host wrong?)"),
        ((2048, 2049), "is not valid yet (is the clock of this host wrong?)"),
    ],
    ids=["expired", "not yet valid"],
)
def test_a_server_out_of_its_time_is_not_trusted(
    bridge: str, c1: Container, two: Two, years: tuple[int, int], said: str
) -> None:
    server = two.ours.pki.dated(f"of{years[0]}", *years)
    with remotes.listening(server, two.ours.pki.ca), nothing_changed():
        assert refusal(f"--db={TLS}", *two.ours.options(), *ADD) == f"{WHO}, or of its CA, {said}"


def test_a_certificate_of_another_host_is_refused(bridge: str, c1: Container, two: Two) -> None:
    named = two.ours.pki.dated("named", 2020, 2049, alt_name="DNS:db.example, IP:192.0.2.7")
    hint = "(name the server in --db as its certificate does)"
    with remotes.listening(named, two.ours.pki.ca), nothing_changed():
        said = [refusal(f"--db=ssl:{host}:6641", *two.ours.options(), *ADD) for host in ("127.0.0.1", "localhost")]
    assert said == [
        f"the certificate of the database at ssl:{host}:6641 is for db.example, 192.0.2.7, not for {host} {hint}"
        for host in ("127.0.0.1", "localhost")
    ]


@pytest.mark.parametrize("options", [(), ("-u",)], ids=["with its unique id", "without"])
def test_so_is_one_of_ovs_pki_that_names_another_host(
    bridge: str, c1: Container, two: Two, options: tuple[str, ...]
) -> None:
    named = two.ours.pki.pair(f"db{len(options)}.example", *options)
    with remotes.listening(named, two.ours.pki.ca), nothing_changed():
        said = refusal(f"--db={TLS}", *two.ours.options(), *ADD)
    assert said.startswith(f"{WHO} is for db{len(options)}.example, not for 127.0.0.1 (")


def test_a_certificate_that_names_this_host_is_accepted(bridge: str, c1: Container, two: Two) -> None:
    named = two.ours.pki.dated("right", 2020, 2049, alt_name="DNS:localhost, IP:127.0.0.1")
    with remotes.listening(named, two.ours.pki.ca):
        results = [ours(f"--db=ssl:{host}:6641", *two.ours.options(), "sync") for host in ("127.0.0.1", "localhost")]
    assert results == [Result(0, "", "")] * 2


def test_a_client_that_the_server_does_not_trust_is_told(bridge: str, c1: Container, secure: Secure, two: Two) -> None:
    expired = secure.pki.dated("old", 2019, 2020)
    hint = "(it has to be signed by the CA that the server was given)"
    with nothing_changed():
        said = [refusal(f"--db={TLS}", *secure.options(client), *ADD) for client in (two.theirs.client, expired)]
    assert said == [
        f"{THERE} says that --certificate={two.theirs.client.certificate} is of a CA that it does not know {hint}",
        f"{THERE} says that --certificate={expired.certificate} has expired {hint}",
    ]


def test_tls_and_plain_ports_mixed_up_are_told(bridge: str, c1: Container, secure: Secure) -> None:
    with nothing_changed():
        said = refusal("--db=ssl:127.0.0.1:6640", *secure.options(), *ADD), refusal("--db=tcp:127.0.0.1:6641", *ADD)
    assert said == (
        "the database at ssl:127.0.0.1:6640 closed the connection during the TLS handshake (does it speak TLS there?)",
        "what listens at tcp:127.0.0.1:6641 closed the connection without a word "
        "(is it an OVSDB server, and one without TLS?)",
    )


def test_files_that_cannot_be_used_are_named_before_anybody_is_asked(c1: Container, two: Two, tmp_path: Path) -> None:
    key, certificate, ca = (option.partition("=")[2] for option in two.ours.options())
    empty, locked = tmp_path / "empty", tmp_path / "locked"
    empty.touch()
    run("openssl", "pkey", "-in", key, "-aes128", "-passout", "pass:x", "-out", str(locked), check=True)
    other = two.theirs.client.key
    said = {
        words: refusal("--db=ssl:192.0.2.1:6640", *(f"--{word}" for word in words), *ADD)
        for words in (
            (),
            (f"private-key={key}",),
            (f"private-key={key}", f"certificate={certificate}"),
            (f"private-key={tmp_path}/no", f"certificate={certificate}", f"ca-cert={ca}"),
            (f"private-key={tmp_path}", f"certificate={certificate}", f"ca-cert={ca}"),
            (f"private-key={empty}", f"certificate={certificate}", f"ca-cert={ca}"),
            (f"private-key={key}", f"certificate={key}", f"ca-cert={ca}"),
            (f"private-key={key}", f"certificate={certificate}", f"ca-cert={key}"),
            (f"private-key={other}", f"certificate={certificate}", f"ca-cert={ca}"),
            (f"private-key={locked}", f"certificate={certificate}", f"ca-cert={ca}"),
        )
    }
    assert list(said.values()) == [
        "--db=ssl:…: needs --private-key=FILE as well",
        "--db=ssl:…: needs --certificate=FILE as well",
        "--db=ssl:…: needs --ca-cert=FILE as well",
        f"--private-key={tmp_path}/no: cannot be read: No such file or directory",
        f"--private-key={tmp_path}: cannot be read: Is a directory",
        f"--private-key={empty}: has no private key in PEM form",
        f"--certificate={key}: has no certificate in PEM form",
        f"--ca-cert={key}: has no certificate in PEM form",
        f"--private-key={other}: does not belong to --certificate={certificate}",
        f"--private-key={locked}: is protected by a pass phrase (openssl pkey -in FILE -out NEW-FILE)",
    ]


# --- others than databases -----------------------------------------------------------------------------------------


@contextlib.contextmanager
def listener(answer: bytes | None) -> Iterator[int]:
    """Listen on a port; tell everybody the same, once they have spoken; None: never a word."""

    def serve() -> None:
        held: list[socket] = []
        with contextlib.suppress(OSError):
            while True:
                held.append(server.accept()[0])
                if answer is not None:
                    held[-1].recv(1 << 16)
                    held.pop().sendall(answer)

    with create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def test_a_server_that_never_says_a_word_is_given_up_in_time(bridge: str, c1: Container, two: Two) -> None:
    with listener(None) as port, nothing_changed():
        said = refusal(f"--db=tcp:127.0.0.1:{port}", "--timeout=2", *ADD, seconds=4)
        said_of_tls = refusal(f"--db=ssl:127.0.0.1:{port}", "--timeout=2", *two.ours.options(), *ADD, seconds=4)
    assert said == (
        f"gave up after 2 s waiting for the database (ovsdb-server); tcp:127.0.0.1:{port} has not said a word "
        "(is that an OVSDB server, and does it run? --timeout=SECS allows more)"
    )
    assert said_of_tls == (
        f"gave up after 2 s waiting for the TLS handshake of the database at ssl:127.0.0.1:{port} "
        "(--timeout=SECS allows more)"
    )


def test_what_speaks_something_else_is_told_at_once(bridge: str, c1: Container, two: Two) -> None:
    web = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    with listener(web) as port, nothing_changed():
        said = refusal(f"--db=tcp:127.0.0.1:{port}", *ADD)
        said_of_tls = refusal(f"--db=ssl:127.0.0.1:{port}", *two.ours.options(), *ADD)
    with listener(b"\x15\x03\x01\x00\x02\x02\x46") as alerting:
        said_by_tls = refusal(f"--db=tcp:127.0.0.1:{alerting}", *ADD)
    assert (said, said_of_tls, said_by_tls) == (
        f"what answers at tcp:127.0.0.1:{port} is not an OVSDB server",
        f"the database at ssl:127.0.0.1:{port} does not speak TLS (--db=tcp:127.0.0.1:{port}?)",
        f"what answers at tcp:127.0.0.1:{alerting} speaks TLS (--db=ssl:HOST:PORT)",
    )


def test_a_server_of_another_database_is_told(c1: Container, tmp_path: Path) -> None:
    """OVN's databases listen on sockets that look much the same."""
    command = ("ovsdb-server", "--no-db", f"--remote=punix:{tmp_path}/s", f"--unixctl={tmp_path}/ctl")
    detached = (*command, f"--pidfile={tmp_path}/pid", "--detach", "-vconsole:off", f"--log-file={tmp_path}/log")
    run(*detached, check=True)
    said = refusal(f"--db=unix:{tmp_path}/s", *ADD)
    run("ovs-appctl", f"--target={tmp_path}/ctl", "exit", check=True)
    assert said == f"the server at unix:{tmp_path}/s has no database Open_vSwitch (it serves another one)"


def test_a_name_that_nobody_knows_is_told(c1: Container) -> None:
    said = refusal("--timeout=20", "--db=tcp:nowhere.invalid:6640", *ADD)
    assert said.startswith("no way to the database at tcp:nowhere.invalid:6640: nowhere.invalid: ")


def test_a_watch_tells_why_it_has_no_database_and_goes_on(secure: Secure, two: Two) -> None:
    running = Watch(f"--db={TLS}", *secure.options(ca=two.theirs.pki.ca), "watch")
    running.says(f"Open vSwitch is not there, trying again: {WHO} is not signed by the CA of")
    assert (running.process.poll(), running.stop(), len(running.lines)) == (None, 0, 1)
