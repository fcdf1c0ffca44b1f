"""A call that must fail: run it, take its one line, and see that nothing at all has changed.

Which calls fail, and with which words, is said in test_failures_*.py.
"""

import contextlib
from collections.abc import Iterator, Mapping

from tests.integration.support.commands import Result, ours
from tests.integration.support.snapshot import Picture, snapshot

ADD = ("add-port", "br-int", "eth0", "c1")
DEL = ("del-port", "br-int", "eth0", "c1")
PREFIX = "ovs-docker: "


def refusal(*words: str, env: Mapping[str, str] | None = None, seconds: float = 20.0) -> str:
    """Run ours, which must fail within ``seconds``; return its one line without the prefix."""
    return line_of(ours(*words, env=env, timeout=seconds))


def line_of(result: Result) -> str:
    """Return the line of a failure: exit 1, nothing on stdout, one line on stderr (so never a traceback)."""
    said = result.err.removesuffix("\n")
    assert (result.code, result.out, "\n" in said, said[: len(PREFIX)]) == (1, "", False, PREFIX), result
    return said[len(PREFIX) :]


@contextlib.contextmanager
def nothing_changed() -> Iterator[None]:
    """See that host, database and containers are after the with block what they were before."""
    before = picture()
    yield
    assert picture() == before


def picture() -> Picture:
    """Read the snapshot without row ids: a row that was taken out and put back has another one."""
    found = snapshot()
    for table in ("bridge", "port", "interface"):
        found[table] = {name: _without_id(row) for name, row in found[table].items()}
    return found


def host_picture() -> Picture:
    """Read the picture without the containers: for tests that stop one on purpose."""
    return {key: value for key, value in picture().items() if key != "containers"}


def _without_id(row: Picture) -> Picture:
    return {column: value for column, value in row.items() if column != "_uuid"}
