"""The Debian package: what it installs, how it takes the script's name and gives it back."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_docker import __version__
from tests.integration.support.commands import Result, run
from tests.integration.support.containers import Container
from tests.integration.support.root import Root, fresh

BUILDER = Path(__file__).parents[3] / ".release/deb.py"
COMMAND, ASIDE = "/usr/bin/ovs-docker", "/usr/bin/ovs-docker.openvswitch"
OURS, SCRIPT, NONE = "#!/usr/bin/python3 -IS", "#!/bin/bash", "No such file or directory"
UNIT = "usr/lib/systemd/system/ovs-docker.service"
FILES = (
    UNIT,
    "usr/lib/systemd/system/ovs-docker-driver.service",
    "usr/share/man/man8/ovs-docker.8.gz",
    "usr/share/bash-completion/completions/ovs-docker",
    "usr/share/zsh/vendor-completions/_ovs-docker",
    "usr/share/fish/vendor_completions.d/ovs-docker.fish",
    "usr/share/doc/ovs-docker/copyright",
)
SAYS = f"ovs-docker {__version__}\n"


@pytest.fixture(scope="module")
def deb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built package, in a directory of its own."""
    return Path(run(sys.executable, str(BUILDER), str(tmp_path_factory.mktemp("deb")), check=True).out.strip())


def install(root: Root, deb: Path) -> Root:
    shutil.copy(deb, root.path / "tmp/ovs-docker.deb")
    root.run("dpkg", "--install", "/tmp/ovs-docker.deb", check=True)
    return root


@pytest.fixture
def root(deb: Path) -> Iterator[Root]:
    """Return a fresh root where the package is installed."""
    with fresh() as root:
        yield install(root, deb)


@pytest.fixture(scope="module")
def installed(deb: Path) -> Iterator[Root]:
    """Return a root that tests only look at and call commands in."""
    with fresh() as root:
        yield install(root, deb)


def names(root: Root) -> tuple[str, str]:
    """Return what the command is, and what was moved aside for it."""
    return root.head(COMMAND), root.head(ASIDE)


def another_openvswitch(root: Root, script: str) -> None:
    """Upgrade openvswitch-common to a version with another script."""
    tree = root.path / "tmp/common"
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/ovs-docker").write_text(f"{script}\n")
    (tree / "DEBIAN").mkdir()
    control = "Package: openvswitch-common\nVersion: 99\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: x\n"
    (tree / "DEBIAN/control").write_text(control)
    subprocess.run(["dpkg-deb", "--build", tree, root.path / "tmp/common.deb"], check=True, stdout=subprocess.DEVNULL)
    root.run("dpkg", "--install", "--force-depends", "/tmp/common.deb", check=True)


def test_lintian_finds_no_error(deb: Path) -> None:
    found = run("lintian", "--allow-root", "--fail-on=error", str(deb))
    assert (found.code, "E: " in found.out) == (0, False), found.out


def test_the_command_takes_the_scripts_name_and_gives_it_back(root: Root) -> None:
    assert (names(root), root.run(COMMAND, "--version").out) == ((OURS, SCRIPT), SAYS)
    root.run("dpkg", "--remove", "ovs-docker", check=True)
    assert (names(root), root.head("/usr/share/ovs-docker/ovs_docker/__init__.py")) == ((SCRIPT, NONE), NONE)
    assert root.run("dpkg-divert", "--list", COMMAND).out == ""


def test_an_upgrade_of_open_vswitch_leaves_the_command_alone(root: Root) -> None:
    another_openvswitch(root, "#!/bin/sh")
    assert (names(root), root.run(COMMAND, "--version").out) == ((OURS, "#!/bin/sh"), SAYS)
    root.run("dpkg", "--purge", "ovs-docker", check=True)
    assert names(root) == ("#!/bin/sh", NONE)


def test_an_upgrade_of_its_own_and_a_removal_leave_nothing_behind(root: Root) -> None:
    root.run("dpkg", "--install", "/tmp/ovs-docker.deb", check=True)
    assert names(root) == (OURS, SCRIPT)
    root.run("dpkg", "--purge", "ovs-docker", check=True)
    newer = ("-newer", "/tmp/ovs-docker.deb", "-name", "*ovs-docker*")
    assert root.run("find", "/usr", "/etc", "/var/lib/dpkg/info", *newer).out == ""


def test_an_installation_that_was_killed_within_the_diversion_keeps_the_script(deb: Path) -> None:
    """dpkg-divert(1) writes its table before it renames."""
    with fresh() as root:
        root.run(
            "dpkg-divert", "--package=ovs-docker", f"--divert={ASIDE}", "--no-rename", "--add", COMMAND, check=True
        )
        assert names(install(root, deb)) == (OURS, SCRIPT)
        root.run("dpkg", "--remove", "ovs-docker", check=True)
        assert names(root) == (SCRIPT, NONE)


def test_it_attaches_with_nothing_but_python(root: Root, bridge: str, c1: Container) -> None:
    """Neither pip's packages nor the system's: all that is loaded comes from the package or from Python itself."""
    root.run("sh", "-c", "rm -rf /usr/lib/python3/dist-packages /usr/local/lib/python3*", check=True)
    (root.path / "tmp/p.yaml").write_text("ports: [{bridge: br-int, interface: eth1, container: c1}]")
    words = ("br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24", "--macaddress=0200.0000.0001")
    assert root.run(COMMAND, "add-port", *words) == Result(0, "", "")
    assert root.run(COMMAND, "add-ports", "--file=/tmp/p.yaml") == Result(0, "", "")
    assert c1.ip("link", "show", "eth0")[0]["address"] == "02:00:00:00:00:01"
    assert [line[:7] for line in root.run(COMMAND, "-q", "check").out.splitlines()] == ["ok     "] * 2
    assert root.run(COMMAND, "del-ports", "br-int", "c1") == Result(0, "", "")


def test_its_files_are_where_they_are_looked_for(installed: Root) -> None:
    assert [name for name in FILES if not (installed.path / name).is_file()] == []


def test_systemd_takes_its_unit(installed: Root) -> None:
    said = installed.run("systemd-analyze", "verify", "--man=no", f"/{UNIT}")
    starts = "ExecStart=/usr/bin/ovs-docker watch" in (installed.path / UNIT).read_text()
    assert (said.code, starts) == (0, True), said
