"""From a Call's options to the settings of the world."""

import pytest

from ovs_docker.backends.ovsdb import Tls
from ovs_docker.cli import commands
from ovs_docker.cli.words import read
from ovs_docker.errors import BadValue
from ovs_docker.world import Settings


def settings(*options: str) -> Settings:
    return commands.settings(read([*options, "list-ports"]))


def test_without_options_the_defaults_rule() -> None:
    nothing = settings()
    empty = settings("--db=", "--private-key=", "--docker-host=", "--timeout=", "--format=")
    assert (nothing, empty) == (Settings(), Settings())


def test_every_global_option_arrives() -> None:
    assert settings(
        "--db=ssl:h:1",
        "--private-key=k",
        "--certificate=c",
        "--ca-cert=a",
        "--timeout=2.5",
        "--no-wait",
        "--docker-host=unix:///d",
        "--format=json",
        "--verbose",
    ) == Settings(
        db="ssl:h:1",
        tls=Tls(private_key="k", certificate="c", ca_cert="a"),
        docker_host="unix:///d",
        timeout=2.5,
        wait=False,
        verbose=True,
        reports=True,
    )


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("60", 60), ("0.5", 0.5), (".5", 0.5), ("5.", 5)])
def test_a_timeout_is_a_number_of_seconds(text: str, seconds: float) -> None:
    assert settings(f"--timeout={text}").timeout == seconds


@pytest.mark.parametrize("text", ["x", "-1", "1e3", "inf", "nan", ".", "1.2.3", "٣", "5s", " 5"])
def test_a_timeout_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadValue) as refused:
        settings(f"--timeout={text}")
    assert refused.value.message == f"--timeout={text}: needs a number of seconds"


@pytest.mark.parametrize("text", ["xml", "JSON", "table json"])
def test_a_format_that_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(BadValue) as refused:
        settings(f"--format={text}")
    assert refused.value.message == f"--format={text}: needs table or json"
