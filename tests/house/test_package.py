"""The installed distribution puts man page, completions and unit where man, the shells and systemd look."""

import sysconfig
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.house.checkout import missing, text

SHARED = {
    "share/man/man8/ovs-docker.8": "man/ovs-docker.8",
    "share/bash-completion/completions/ovs-docker": "completions/ovs-docker.bash",
    "share/zsh/site-functions/_ovs-docker": "completions/_ovs-docker",
    "share/fish/vendor_completions.d/ovs-docker.fish": "completions/ovs-docker.fish",
    "lib/systemd/system/ovs-docker.service": ".release/ovs-docker.service",
    "lib/systemd/system/ovs-docker-driver.service": ".release/ovs-docker-driver.service",
}


@pytest.fixture
def installed() -> set[Path]:
    """Return the files of the installed wheel; an editable installation has none but its own metadata."""
    found = distribution("ovs-docker")
    files = {Path(str(found.locate_file(file))).resolve() for file in found.files or ()}
    if not any(file.name == "grammar.py" for file in files):
        missing("ovs-docker is not installed from a wheel: use tox")
    return files


@pytest.mark.parametrize("place", SHARED)
def test_it_is_installed_where_it_is_looked_for(place: str, installed: set[Path]) -> None:
    target = Path(sysconfig.get_path("data"), place).resolve()
    assert target in installed
    assert target.read_text() == text(SHARED[place])


def test_the_command_and_the_type_marker_are_installed(installed: set[Path]) -> None:
    assert {"ovs-docker", "py.typed"} <= {file.name for file in installed}
