"""Files of a container: symbolic links are followed as the container sees them, and never out of it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ovs_docker.backends.kernel import files
from ovs_docker.backends.kernel.files import names_in, open_inside
from ovs_docker.errors import KernelRefused

Read = Callable[[str], str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root directory of something like a container, beside a file that is not its own."""
    root = tmp_path / "root"
    (root / "run" / "openvswitch").mkdir(parents=True)
    (root / "run" / "openvswitch" / "db.sock").write_text("inside")
    (root / "var").mkdir()
    (tmp_path / "secret").write_text("outside")
    return root


@pytest.fixture
def read(root: Path) -> Iterator[Read]:
    descriptor = os.open(root, os.O_PATH | os.O_DIRECTORY)

    def of(path: str) -> str:
        found = open_inside(descriptor, path)
        try:
            return Path(f"/proc/self/fd/{found}").read_text()
        finally:
            os.close(found)

    before = len(os.listdir("/proc/self/fd"))
    yield of
    assert len(os.listdir("/proc/self/fd")) == before
    os.close(descriptor)


@pytest.mark.parametrize(
    "path", ["/run/openvswitch/db.sock", "run//openvswitch/./db.sock", "/run/../run/openvswitch/db.sock"]
)
def test_a_plain_path_is_found(read: Read, path: str) -> None:
    assert read(path) == "inside"


@pytest.mark.parametrize("target", ["/run", "../run", "../../../run", "/../run/"])
def test_links_lead_where_the_container_means(root: Path, read: Read, target: str) -> None:
    (root / "var" / "run").symlink_to(target)
    assert read("/var/run/openvswitch/db.sock") == "inside"


@pytest.mark.parametrize("target", ["../secret", "/../secret", "{outside}/secret", "run/../../secret"])
def test_no_link_leads_out(root: Path, read: Read, target: str) -> None:
    (root / "link").symlink_to(target.format(outside=root.parent))
    with pytest.raises(FileNotFoundError):
        read("/link")


def test_no_dots_lead_out(read: Read) -> None:
    with pytest.raises(FileNotFoundError):
        read("../secret")


def test_links_that_go_in_circles_are_refused(root: Path, read: Read) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        read("/a")


def test_a_kernel_without_the_call_is_told(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_OPENAT2", 9999)
    with pytest.raises(KernelRefused, match="openat2") as refused:
        read("/run")
    assert "Linux 5.6" in refused.value.hint


def test_a_directory_is_listed(root: Path) -> None:
    descriptor = os.open(root, os.O_PATH)
    directory = open_inside(descriptor, "/run")
    assert names_in(directory) == ["openvswitch"]
    os.close(directory)
    os.close(descriptor)
