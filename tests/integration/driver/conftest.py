"""Fixtures of the driver's tests: one that runs."""

from collections.abc import Callable, Iterator

import pytest

from tests.integration.support import driver as drivers
from tests.integration.support.commands import run
from tests.integration.support.driver import Driver


@pytest.fixture(scope="module")
def served(private_host: None) -> Iterator[Driver]:
    """Run a driver as ovs for the tests of a file, and see that it ends well."""
    with drivers.running() as running:
        yield running


@pytest.fixture
def driver(served: Driver) -> Iterator[Driver]:
    """Return that driver; the test's networks go."""
    yield served
    drivers.remove_networks()


@pytest.fixture
def far_end() -> Iterator[Callable[[str], None]]:
    """Return a function that puts another host, with this address, at the other end of the interface up0."""

    def make(address: str) -> None:
        for words in (
            ("netns", "add", "far"),
            ("link", "add", "up0", "type", "veth", "peer", "name", "eth0", "netns", "far"),
            ("link", "set", "up0", "up"),
            ("-n", "far", "link", "set", "eth0", "up"),
            ("-n", "far", "addr", "add", address, "dev", "eth0"),
        ):
            run("ip", *words, check=True)

    yield make
    run("ip", "netns", "del", "far")
    run("ip", "link", "delete", "up0")
