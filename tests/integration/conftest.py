"""Fixtures of the integration tests: they need the private host, and they give it back clean.

What they hand out is in containers.py; plain functions (ours, script, ovs, snapshot) are imported by the tests.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.host import DATAPATH, MARK, programs
from tests.integration.support import containers, fleet, leftovers, logical
from tests.integration.support.commands import ours, ovs
from tests.integration.support.containers import Container


class ContainerFactory(Protocol):
    """``container(NAME, *DOCKER_RUN_OPTIONS, network="none")`` starts a container for this test."""

    def __call__(self, name: str, *options: str, network: str = "none") -> Container: ...


@pytest.fixture(autouse=True, scope="session")
def private_host() -> None:
    """Refuse to run anywhere else: these tests stop daemons and delete bridges."""
    if MARK in os.environ:
        return
    lacking = [f"{program} is not installed" for program in programs.missing()]
    reason = "; ".join(lacking or ["not on a private host: use tox -e integration"])
    # In CI a skipped test would look like a passed one.
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def clean_host(private_host: None) -> Iterator[None]:
    """Leave no container, bridge, veth pair, namespace link or dead daemon to the next test."""
    yield
    leftovers.remove()


@pytest.fixture(scope="module")
def chassis(private_host: None) -> Iterator[None]:
    """Make the private host a chassis of an OVN of its own, for all tests of a file."""
    logical.require()
    logical.start()
    yield
    logical.stop()


@pytest.fixture
def ls0(chassis: None) -> Iterator[None]:
    """Make the logical switch ls0, which chooses from 10.0.0.0/24, and nothing else."""
    with logical.network():
        logical.switch("ls0", "10.0.0.0/24")
        yield


@pytest.fixture
def routed_ls0(chassis: None) -> Iterator[None]:
    """Make the same with a router, which is 10.0.0.1 on it."""
    with logical.network():
        logical.switch("ls0", "10.0.0.0/24", "lr0", "10.0.0.1/24")
        yield


@pytest.fixture
def container() -> ContainerFactory:
    """Return a function that starts a container; the host removes it after the test."""
    return containers.create


@pytest.fixture
def c1(container: ContainerFactory) -> Container:
    """Return a running container named c1 that has a loopback and nothing else."""
    return container("c1")


@pytest.fixture
def c2(container: ContainerFactory) -> Container:
    """Return a second one, named c2."""
    return container("c2")


@pytest.fixture
def bridge() -> str:
    """Return the name of an empty bridge (on a kernel host, of the kernel datapath)."""
    ovs("add-br", "br-int", "--", "set", "bridge", "br-int", f"datapath_type={DATAPATH}")
    return "br-int"


@pytest.fixture
def three(bridge: str, tmp_path: Path) -> list[Container]:
    """Return the attached containers c1 to c3."""
    found = fleet.started(3)
    ours("add-ports", f"--file={fleet.file_for(tmp_path, found)}", check=True)
    return found
