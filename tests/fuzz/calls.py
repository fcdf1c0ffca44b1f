"""One call of the command in this process, and what holds for any: it ends with 0 or 1, and says why in a line."""

import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from ovs_docker import cli


@dataclass(frozen=True)
class Said:
    """How a call ended and what it said."""

    status: int
    out: str
    err: str


@contextlib.contextmanager
def _file(content: bytes) -> Iterator[TextIO]:
    """Open a file with this content, at its beginning."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        file.buffer.write(content)
        file.seek(0)
        yield file


def call(*words: str, stdin: bytes = b"") -> Said:
    """Run a call; whatever it raises is a defect."""
    out, err = _stream("strict"), _stream("backslashreplace")
    before = sys.stdin
    try:
        with _file(stdin) as sys.stdin, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = cli.main(["ovs-docker", *words])
    finally:
        sys.stdin = before
    said = Said(status, _text(out), _text(err))
    lines = said.err.splitlines()
    assert status in (0, 1), said
    assert all(line.startswith("ovs-docker") for line in lines), said
    assert status == 0 or lines or said.out, said
    return said


def _stream(errors: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", errors)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
