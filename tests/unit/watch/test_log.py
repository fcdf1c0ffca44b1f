"""The log of watch."""

import json
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


def test_programs_read_objects(capsys: pytest.CaptureFixture[str]) -> None:
    told = [json.loads(line) for line in said(capsys, as_json=True)]
    times = [datetime.fromisoformat(one.pop("time")) for one in told]
    assert told == [
        {"level": "info", "message": "watching"},
        {"level": "warning", "message": "Docker is not there"},
    ]
    assert all(time.utcoffset() is not None for time in times)
