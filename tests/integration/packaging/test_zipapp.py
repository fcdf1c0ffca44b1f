"""ovs-docker.pyz does all that the installed command does, with nothing but a python3 of any version."""

import ast
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from ovs_docker.cli.grammar import VERBS
from tests.integration.conftest import ContainerFactory
from tests.integration.support import containers, fleet, zipapp
from tests.integration.support import driver as drivers
from tests.integration.support.commands import Result, run
from tests.integration.support.containers import Container
from tests.integration.support.watching import watch

DONE = Result(0, "", "")
NO_SITE = ("-I", "-S")  # not even the packages of the Python that runs it


@pytest.fixture(scope="session")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built file, in a directory of its own."""
    return zipapp.build(tmp_path_factory.mktemp("zipapp") / "ovs-docker.pyz")


def test_two_builds_are_the_same_bytes(pyz: Path, tmp_path: Path) -> None:
    assert zipapp.build(tmp_path / "again.pyz").read_bytes() == pyz.read_bytes()


def test_it_starts_as_a_program(pyz: Path) -> None:
    assert run(str(pyz), "--version", env={"PATH": f"{Path(sys.executable).parent}:/bin"}).out.startswith("ovs-docker ")


def test_an_old_python_is_told_which_one_it_takes(pyz: Path) -> None:
    """Every Python 3 can compile what it sees first."""
    main = zipfile.ZipFile(pyz).read("__main__.py").decode()
    ast.parse(main, feature_version=(3, 6))
    pretend = f"import sys; sys.version_info = (3, 6, 9); exec({main!r})"
    result = run(sys.executable, "-c", pretend)
    said = f"ovs-docker: needs Python 3.10 or newer, this is 3.6 ({sys.executable})\n"
    assert result == Result(1, "", said)


FILE = """\
defaults: {bridge: br-int, interface: eth1}
ports:
  - {container: c1, ipaddress: 10.1.0.1/24}
  - {container: c2, ipaddress: [10.1.0.2/24, "2001:db8::2/64"]}
"""
# The pool of addresses is netaddr's, the file is PyYAML's.
CALLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "add-port": (("br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24", "--macaddress=0200.0000.0001"),),
    "add-ports": (("br-int", "eth0", "c2", "c3", "--ipaddress=10.0.0.2/24"), ("--file=ports.yaml",)),
    "set-vlan": (("br-int", "eth0", "c3", "5"),),
    "set-trunk": (("br-int", "eth0", "c3", "10,20"),),
    "sync": ((),),
    "del-port": (("br-int", "eth0", "c3"),),
    "del-ports": (("br-int", "c3"), ("--file=ports.yaml",)),
}
PRINTING = {"get-port": ("c1", "eth0"), "list-ports": (), "check": ()}
STAYING = {"watch": ("--labels",), "driver": ()}
NETWORKS = ("list-networks",)


def test_no_verb_is_left_out() -> None:
    assert {*CALLS, *PRINTING, *STAYING, *NETWORKS} == {verb.name for verb in VERBS}


def test_every_verb_that_ends_in_silence_works(
    pyz: Path, bridge: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ports.yaml").write_text(FILE)
    c1, _, _ = fleet.started(3)
    calls = [(verb, *words) for verb, lines in CALLS.items() for words in lines]
    assert [zipapp.started(pyz, *call, options=NO_SITE) for call in calls] == [DONE] * len(calls)
    assert (fleet.attached(), c1.pings("10.0.0.2")) == ({"c1/eth0": ["10.0.0.1/24"], "c2/eth0": ["10.0.0.2/24"]}, True)


def test_every_verb_that_prints_works_and_leaves_no_temporary_file(
    pyz: Path, bridge: str, c1: Container, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    zipapp.started(pyz, "add-port", "br-int", "eth0", "c1")
    said = [zipapp.started(pyz, verb, *words, options=NO_SITE) for verb, words in PRINTING.items()]
    assert [(one.code, "_l" in one.out, one.err) for one in said] == [(0, True, "")] * len(PRINTING)
    assert json.loads(zipapp.started(pyz, "add-ports", "--print-schema").out)["type"] == "object"
    assert os.listdir(tmp_path) == []


def test_it_reaches_the_database_over_tcp(pyz: Path, bridge: str) -> None:
    run("ovs-appctl", "-t", "ovsdb-server", "ovsdb-server/add-remote", "ptcp:16640:127.0.0.1", check=True)
    try:
        assert zipapp.started(pyz, "--db=tcp:127.0.0.1:16640", "list-ports", options=NO_SITE).code == 0
    finally:
        run("ovs-appctl", "-t", "ovsdb-server", "ovsdb-server/remove-remote", "ptcp:16640:127.0.0.1", check=True)


def test_watch_works(pyz: Path, bridge: str, container: ContainerFactory) -> None:
    with watch("--labels", program=(sys.executable, *NO_SITE, str(pyz))) as running:
        container("c1", "--label=ovs-docker.eth0=bridge=br-int")
        running.says("attached eth0 of container c1 to bridge br-int")
        assert running.stop() == 0


def test_the_driver_works(pyz: Path) -> None:
    with drivers.running(program=(sys.executable, *NO_SITE, str(pyz))):
        drivers.create("lab", "ovs.mode=flat")
        assert "lab " in zipapp.started(pyz, *NETWORKS, options=NO_SITE).out


@pytest.mark.parametrize("version", zipapp.VERSIONS)
def test_every_python_runs_it(version: str, pyz: Path, bridge: str, tmp_path: Path) -> None:
    python = zipapp.interpreter(version)
    (tmp_path / "ports.yaml").write_text(FILE)
    for name in ("c1", "c2"):
        containers.create(name)
    for words in (f"add-ports --file={tmp_path}/ports.yaml", "set-vlan br-int eth1 c2 5", "del-port br-int eth1 c2"):
        assert zipapp.started(pyz, *words.split(), python=python) == DONE
    listed = zipapp.started(pyz, "--format=json", "list-ports", python=python)
    assert [port["addresses"] for port in json.loads(listed.out)["data"]] == [["10.1.0.1/24"]]
