"""The log of watch."""

import io
import json
import sys
from datetime import datetime

import pytest

from ovs_docker.watch.log import Log


def said(capsys: pytest.CaptureFixture[str], as_json: bool = False, quiet: bool = False) -> list[str]:
    log = Log(as_json, quiet)
    log.info("watching")
    log.warning("Docker is not there")
    return capsys.readouterr().out.splitlines()


def test_people_and_journald_read_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys) == ["watching", "warning: Docker is not there"]


def test_quiet_leaves_the_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, quiet=True) == ["warning: Docker is not there"]


def test_a_label_of_megabytes_makes_no_line_of_megabytes(capsys: pytest.CaptureFixture[str]) -> None:
    Log(as_json=False, quiet=False).warning(f"--vlan={'x' * (1 << 20)}: needs a number (do it)\x1b[2J")
    said = capsys.readouterr().out
    assert (len(said) < 1024, said.startswith("warning: --vlan=xx")) == (True, True)
    assert said.endswith("xx: needs a number (do it)\\x1b[2J\n")


class Full(io.StringIO):
    """What a full disk is like, or a stream that was closed."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_what_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    Log(as_json=False, quiet=False).info("watching")


class Gone(io.StringIO):
    """What the end of a pipe is like whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_reader_that_has_gone_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Gone())
    with pytest.raises(BrokenPipeError):
        Log(as_json=False, quiet=False).info("watching")


def test_programs_read_objects(capsys: pytest.CaptureFixture[str]) -> None:
    told = [json.loads(line) for line in said(capsys, as_json=True)]
    times = [datetime.fromisoformat(one.pop("time")) for one in told]
    assert told == [
        {"level": "info", "message": "watching"},
        {"level": "warning", "message": "Docker is not there"},
    ]
    assert all(time.utcoffset() is not None for time in times)
