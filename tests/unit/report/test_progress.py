"""The progress bar, on a real terminal (a pty) and off it."""

import os
import select
import sys

import pytest

from ovs_docker.report import progress
from ovs_docker.report.progress import Progress


def shown(descriptor: int) -> str:
    text = b""
    while select.select([descriptor], [], [], 0.1)[0]:
        text += os.read(descriptor, 4096)
    return text.decode()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take any work for lasting."""
    monkeypatch.setattr(progress, "_LASTS", -1)


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, pieces: int) -> str:
    """Do some pieces of work with a terminal as stderr; return what a person saw there."""
    looked_at, written_to = os.openpty()
    with os.fdopen(written_to, "w", buffering=1) as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        bar = Progress(pieces)
        for _ in range(pieces):
            bar.tick()
        bar.close()
        return shown(looked_at)


@pytest.mark.usefixtures("soon")
def test_work_that_lasts_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text = on_a_terminal(monkeypatch, 4)
    assert ("attaching" in text, "100%" in text, text.endswith("\n")) == (True, True, True)


def test_a_bar_comes_before_one_thinks_that_it_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.2, 0.4])
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    text = on_a_terminal(monkeypatch, 2)
    assert ("attaching" in text, "50%" in text) == (True, False)


def test_work_that_is_soon_done_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert on_a_terminal(monkeypatch, 1) == ""


@pytest.mark.usefixtures("soon")
def test_where_nobody_looks_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Progress(1)
    bar.tick()
    bar.close()
    assert capsys.readouterr() == ("", "")
