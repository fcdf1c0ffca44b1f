"""Which server of OVN's northbound database is talked to: real ones, alone and as a cluster that elects its leader."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_docker.backends.ovsdb import Tls
from ovs_docker.backends.ovsdb.northbound import DATABASE, connect_leader
from ovs_docker.backends.ovsdb.session import Ovsdb
from ovs_docker.deadline import Deadline
from ovs_docker.errors import BadValue, NorthboundMissing, TlsFailed
from ovs_docker.world import Settings, World
from tests.host import ovn
from tests.host.daemons import STATE
from tests.integration.support import logical
from tests.integration.support.cluster import Cluster
from tests.integration.support.commands import ovs, run
from tests.integration.support.pki import Pki

NONE = "no server leads the OVN northbound database: "
NO_TLS = Tls(None, None, None)
START = "start it (service ovn-central start), or name its server with --nb-db=URI"


@pytest.fixture(autouse=True, scope="module")
def installed() -> None:
    """See that OVN is."""
    logical.require()


@pytest.fixture(scope="module")
def clustered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a cluster of three; tests that move its leadership leave it with one."""
    made = Cluster(tmp_path_factory.mktemp("raft"))
    yield made
    made.stop()


@pytest.fixture
def alone() -> Iterator[str]:
    """Return where a server of its own listens; it is the local socket, too."""
    ovn.RUN.mkdir(exist_ok=True)
    ovn.create(STATE / "ovn-nb.db", "nb")
    ovn.northbound("ptcp:16641:127.0.0.1").start()
    yield "tcp:127.0.0.1:16641"
    ovn.northbound().stop()


def leader(remotes: str, seconds: float = 20) -> Ovsdb:
    return connect_leader(remotes, NO_TLS, Deadline(seconds))


def leads(session: Ovsdb) -> bool:
    """Ask the server behind a session whether it leads, then go on as before."""
    session.turn_to("_Server", Deadline(5))
    (row,) = session.rows([{"op": "select", "table": "Database", "where": [["name", "==", DATABASE]]}])[0]
    session.turn_to(DATABASE, Deadline(5))
    return bool(row["leader"])


def writes(session: Ovsdb) -> bool:
    """Make a switch and count it: a session that can do that serves."""
    session.transact([{"op": "insert", "table": "Logical_Switch", "row": {"name": "made"}}])
    return bool(session.rows([{"op": "select", "table": "Logical_Switch", "where": [["name", "==", "made"]]}])[0])


def test_the_leader_is_found_wherever_it_stands_in_the_list(clustered: Cluster) -> None:
    remotes = clustered.remotes.split(",")
    turned = (",".join(remotes[turn:] + remotes[:turn]) for turn in range(3))
    assert [leads(leader(order)) for order in turned] == [True] * 3


def test_leadership_that_moved_is_followed(clustered: Cluster) -> None:
    before = clustered.leader()
    clustered.move()
    session = leader(clustered.remotes)
    assert (clustered.leader() is before, leads(session), writes(session)) == (False, True, True)


def test_a_leader_that_died_is_waited_for_its_successor(clustered: Cluster) -> None:
    dead = clustered.leader()
    dead.daemon.kill()
    session = leader(clustered.remotes)
    dead.daemon.start()
    assert (leads(session), clustered.leader() is dead) == (True, False)


def test_a_cluster_whose_leader_is_not_named_is_told_at_length(clustered: Cluster) -> None:
    followers = [member.remote for member in clustered.members if not member.leads()]
    with pytest.raises(NorthboundMissing) as missing:
        leader(",".join(followers), 1)
    said = "; ".join(f"{remote}: is not the leader of its cluster" for remote in followers)
    assert (missing.value.message, missing.value.hint) == (
        f"{NONE}{said}",
        "name all servers of the cluster, separated by commas",
    )


def test_one_server_alone_is_its_own_leader(alone: str) -> None:
    assert writes(leader(alone))


def test_one_that_is_down_is_passed_over(alone: str) -> None:
    assert writes(leader(f"unix:/nonexistent/a.sock, tcp:127.0.0.1:1,{alone}"))


def test_one_that_has_just_begun_to_listen_is_waited_for(tmp_path: Path) -> None:
    """For a moment it tells of no database; a client that connects without a pause meets that at every second start."""
    place = tmp_path / "nb.sock"
    for _ in range(20):
        ovn.create(tmp_path / "nb.db", "nb")
        command = "ovsdb-server", str(tmp_path / "nb.db"), f"--remote=punix:{place}", f"--unixctl={tmp_path}/ctl"
        with subprocess.Popen((*command, "-vconsole:off", "-vsyslog:off")) as server:
            try:
                assert writes(at_once(str(place)))
            finally:
                server.kill()
        place.unlink()


def at_once(place: str) -> Ovsdb:
    """Return a session with a server that is about to listen."""
    limit = time.monotonic() + 10
    while True:
        try:
            return leader(f"unix:{place}")
        except NorthboundMissing as missing:
            if "has no database" in missing.message or time.monotonic() > limit:
                raise


def test_one_that_does_not_answer_is_told_in_time(alone: str) -> None:
    began = time.monotonic()
    with ovn.northbound().paused(), pytest.raises(NorthboundMissing) as missing:
        leader(alone, 1)
    assert (missing.value.message, time.monotonic() - began < 3) == (f"{NONE}{alone}: does not answer", True)


def test_one_that_never_answers_takes_its_share_of_the_time_only(alone: str) -> None:
    """The frozen one would use up the whole time; asked first, it leaves half of it to the second."""
    with frozen() as silent:
        assert writes(leader(f"unix:{silent},{alone}", 2))


@contextlib.contextmanager
def frozen() -> Iterator[str]:
    """Listen and never answer."""
    path = "/run/tmp/silent.sock"
    with socket.create_server(path, family=socket.AF_UNIX):
        yield path
    Path(path).unlink()


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Pki]:
    """Return the CA of a server that listens on TLS; its name is its address."""
    pki = Pki(tmp_path / "pki")
    key, certificate = pki.pair("127.0.0.1", "-u")
    ovn.RUN.mkdir(exist_ok=True)
    ovn.create(STATE / "ovn-nb.db", "nb")
    files = f"--private-key={key}", f"--certificate={certificate}", f"--ca-cert={pki.ca}"
    ovn.northbound("pssl:16642:127.0.0.1", *files).start()
    yield pki
    ovn.northbound().stop()


def test_the_same_certificates_serve_the_northbound_database(secure: Pki, tmp_path: Path) -> None:
    client, other = secure.pair("client"), Pki(tmp_path / "other")
    remotes = "unix:/nonexistent/a.sock,ssl:127.0.0.1:16642"
    assert writes(connect_leader(remotes, Tls(*client, secure.ca), Deadline(10)))
    with pytest.raises(TlsFailed) as refused:
        connect_leader("ssl:127.0.0.1:16642", Tls(*client, other.ca), Deadline(10))
    assert "ssl:127.0.0.1:16642" in refused.value.message
    with pytest.raises(NorthboundMissing) as missing:
        connect_leader(remotes, Tls(*client, other.ca), Deadline(10))
    assert refused.value.message in missing.value.message


def test_certificates_that_are_not_named_are_asked_for() -> None:
    with pytest.raises(BadValue) as refused:
        leader("ssl:127.0.0.1:16642")
    assert refused.value.message == "--nb-db=ssl:…: needs --private-key=FILE as well"


def test_where_none_answers_each_is_told() -> None:
    with pytest.raises(NorthboundMissing) as missing:
        leader("unix:/nonexistent/a.sock,unix:/nonexistent/b.sock")
    assert (missing.value.message, missing.value.hint) == (
        f"{NONE}"
        "unix:/nonexistent/a.sock: no OVN northbound database at /nonexistent/a.sock; "
        "unix:/nonexistent/b.sock: no OVN northbound database at /nonexistent/b.sock",
        START,
    )


def test_a_server_of_another_database_is_told() -> None:
    with pytest.raises(NorthboundMissing) as missing:
        leader("unix:/run/openvswitch/db.sock")
    assert missing.value.message == f"{NONE}unix:/run/openvswitch/db.sock: has no database OVN_Northbound"


def test_a_word_that_is_no_server_is_refused() -> None:
    with pytest.raises(BadValue) as refused:
        leader("somewhere")
    assert refused.value.message == "--nb-db=somewhere: needs unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT"


def switches(settings: Settings) -> int:
    return len(World(settings).nb.rows([{"op": "select", "table": "Logical_Switch", "where": []}])[0])


def test_the_option_rules_then_the_environment_then_the_switch_then_the_local_socket(
    alone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing: list[str] = []

    def ask(nb_db: str | None = None) -> None:
        with pytest.raises(NorthboundMissing) as error:
            switches(Settings(nb_db=nb_db))
        missing.append(error.value.message)

    run("ovn-nbctl", "ls-add", "ls0", check=True)
    found = [switches(Settings())]
    ovs("set", "Open_vSwitch", ".", 'external_ids:ovn-nb="unix:/nonexistent/switch"')
    ask()
    monkeypatch.setenv("OVN_NB_DB", "unix:/nonexistent/environment")
    ask()
    ask(nb_db="unix:/nonexistent/option")
    found.append(switches(Settings(nb_db=alone)))
    ovs("remove", "Open_vSwitch", ".", "external_ids", "ovn-nb")
    places = [f"/nonexistent/{name}" for name in ("switch", "environment", "option")]
    said = [f"{NONE}unix:{place}: no OVN northbound database at {place}" for place in places]
    assert (found, missing) == ([1, 1], said)
