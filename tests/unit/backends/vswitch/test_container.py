"""Looking for Open vSwitch in containers on a kernel that cannot look into them."""

import os
from errno import ENOSYS

import pytest

from ovs_docker.backends.kernel import files
from ovs_docker.backends.vswitch import container as ovs_container
from ovs_docker.errors import KernelRefused
from ovs_docker.model.container import Container, Listed
from tests.unit.samples import ID


class Engine:
    """An engine with one container; nothing else of it is asked."""

    def __init__(self, net_admin: bool) -> None:
        self.container = Container(ID, "ovs", os.getpid(), False, net_admin=net_admin)

    def containers(self) -> list[Listed]:
        return [Listed(ID, "ovs", True)]

    def inspect(self, typed: str) -> Container:
        return self.container


@pytest.fixture(autouse=True)
def old_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be Linux 5.5, which has no openat2(2), and have our own root directory in the place of the container's."""

    def refuse(function: str, *arguments: object) -> int:
        raise OSError(ENOSYS, os.strerror(ENOSYS))

    monkeypatch.setattr(files, "call", refuse)
    monkeypatch.setattr(ovs_container, "open_root", lambda engine, container: os.open("/", os.O_PATH))


def test_that_nothing_could_be_seen_is_said() -> None:
    with pytest.raises(KernelRefused) as refused:
        ovs_container.discover(Engine(net_admin=True))  # type: ignore[arg-type]
    assert "openat2(2)" in refused.value.message


def test_containers_that_cannot_have_a_switch_need_not_be_seen() -> None:
    assert ovs_container.discover(Engine(net_admin=False)) is None  # type: ignore[arg-type]
