"""Every command that README and docs/*.md show is run as it stands, in its order, beginning from nothing.

What the documents say without commands is held by tests/house and by the tests of each subject.
"""

import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.host import DATAPATH, image
from tests.house.checkout import ROOT
from tests.integration.support import documents, logical, lone_switch, ovs_image, podman, stand_ins, tool_image, zipapp
from tests.integration.support import driver as drivers
from tests.integration.support.commands import ovs, run
from tests.integration.support.documents import Reader, Scene
from tests.integration.support.processes import wait_until

# The blocks that cannot be run here, each with its reason in the document: no more than these.
NOT_RUN = {"README.md": 3, "docs/dpdk.md": 3, "docs/driver.md": 2, "docs/ovn.md": 1, "docs/ports-that-last.md": 1}

# The only liberties taken with the words of a document: a word, and what it is on this host.
# --privileged hands on every capability there is, and fails where the private host lacks one itself; this machine may
# have no modules; the database over TLS has the name of this host.
OTHER_WORDS = {
    "--privileged": " ".join(ovs_image.RIGHTS),
    "  --volume=/lib/modules:/lib/modules \\\n": "",
    "add-br ovs-br0": f"add-br ovs-br0 -- set bridge ovs-br0 datapath_type={DATAPATH}",
    "ovsdb.example.net": "localhost",
}
# Places that belong to the machine, below the test's own directory.
PLACES = {"/usr/local/bin": "programs", "/home/core": "core"}
CHECKOUT_ONLY = (".git", ".tox", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "dist")


@contextlib.contextmanager
def any_host(_: Path) -> Iterator[None]:
    """Have the documents' bridges in the userspace datapath: a host without the kernel module cannot create others.

    A reader whose host has the module needs none of them beforehand. That add-port creates a bridge is tested in
    attach/test_drop_in_bridges.py.
    """
    for bridge in ("br-int", "br-storage"):
        ovs("add-br", bridge, "--", "set", "bridge", bridge, f"datapath_type={DATAPATH}")
    try:
        yield
    finally:
        ovs("del-manager", "--", "del-ssl")


@contextlib.contextmanager
def chassis(_: Path) -> Iterator[None]:
    """Have OVN, with an empty logical network; ovn-controller makes br-int itself."""
    logical.require()
    logical.start()
    try:
        yield
    finally:
        logical.stop()


@contextlib.contextmanager
def podman_beside_docker(directory: Path) -> Iterator[None]:
    with any_host(directory):
        podman.ROOTS.prepare()
        podman.ROOTS.run("tag", image.NAME, "busybox")
        try:
            yield
        finally:
            podman.ROOTS.remove_all()
            podman.ROOTS.service.stop()


@contextlib.contextmanager
def no_switch(_: Path) -> Iterator[None]:
    with lone_switch.no_switch_on_the_host():
        yield


@contextlib.contextmanager
def checkout(directory: Path) -> Iterator[None]:
    """Have a copy of the checkout, after tox -e zipapp, on a host with the image that the Dockerfile begins with."""
    shutil.copytree(ROOT, directory, ignore=shutil.ignore_patterns(*CHECKOUT_ONLY), dirs_exist_ok=True)
    zipapp.build(directory / "dist/ovs-docker.pyz")
    with any_host(directory):
        yield


@contextlib.contextmanager
def network_driver(directory: Path) -> Iterator[None]:
    """See that the driver that the document starts goes with its networks, also if the document fails."""
    with any_host(directory):
        try:
            yield
        finally:
            drivers.remove_networks()
            pid = int((directory / "driver.pid").read_text())
            run("kill", str(pid))
            wait_until(lambda: not drivers.SOCKET.exists())


HOSTS: dict[str, Callable[[Path], AbstractContextManager[None]]] = {
    documents.PLAIN: any_host,
    "a chassis of OVN": chassis,
    "Podman beside Docker": podman_beside_docker,
    "a network driver": network_driver,
    "no Open vSwitch": no_switch,
    "a checkout": checkout,
}


@pytest.fixture(autouse=True, scope="module")
def images(private_host: None) -> None:
    """Have every image that a document uses."""
    stand_ins.images()
    tool_image.load()


@pytest.mark.parametrize("scene", documents.scenes(), ids=str)
def test_a_document_says_what_happens(scene: Scene, tmp_path: Path) -> None:
    home, programs = tmp_path / "home", tmp_path / "programs"
    home.mkdir()
    stand_ins.write_programs(programs, podman=podman.ROOTS.shell_line())
    places = {place: str(tmp_path / name) for place, name in PLACES.items()}
    with HOSTS[scene.host](home):
        Reader(home, {**OTHER_WORDS, **places}, programs).follow(scene)


def test_the_demonstration_goes_as_it_says() -> None:
    """Quick start's first command, but for installing what is missing and for the host, which is this one."""
    assert run(sys.executable, "-m", "tests.demo").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "```sh\nfalse\ntrue\n```",
        "```console\n# echo a\nb\n```",
        "```console\n# echo a\n```",
        "```console\n# false\n```",
    ],
)
def test_what_goes_otherwise_is_noticed(text: str, tmp_path: Path) -> None:
    (scene,) = documents.parts("it.md", f"{text}\n")
    with pytest.raises(AssertionError, match=r"it\.md:1: "):
        Reader(tmp_path, {}, tmp_path).follow(scene)


def test_a_status_that_is_asked_for_is_a_part_of_what_is_shown(tmp_path: Path) -> None:
    (scene,) = documents.parts("it.md", "```console\n# printf 'x\\n'; false\n…\n# echo $?\n1\n```\n")
    Reader(tmp_path, {}, tmp_path).follow(scene)


def test_few_commands_are_not_run() -> None:
    assert documents.not_run() == NOT_RUN


def test_the_words_that_are_others_here_are_in_the_documents() -> None:
    commands = "".join(block.text for scene in documents.scenes() for block in scene.blocks)
    assert [word for word in (*OTHER_WORDS, *PLACES) if word not in commands] == []
