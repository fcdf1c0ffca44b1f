"""One scenario played by both programs, the old script and ours, each on a host that is empty before.

What the two must have in common is said by the tests; what chance chose is masked here and in comparison.py.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from tests.host import DATAPATH
from tests.integration.support import containers, leftovers
from tests.integration.support.commands import Result, docker, ours, ovs, script
from tests.integration.support.comparison import comparable_snapshot
from tests.integration.support.containers import Container
from tests.integration.support.snapshot import Picture

PLACE = ("br-int", "eth0", "c1")
IPV6_ON = "--sysctl=net.ipv6.conf.default.disable_ipv6=0"


class Program(Protocol):
    """Either of the two; both are called with the words of one call."""

    def __call__(self, *words: str) -> Result: ...


@dataclass(frozen=True)
class Story:
    """What a call ended with, what it said, and what the host looked like then."""

    code: int
    out: str
    err: str
    host: Picture

    @property
    def silent(self) -> "Story":
        """Return the story for cases where nothing is promised about stderr."""
        return replace(self, err="")

    @property
    def outcome(self) -> tuple[int, str, str]:
        return self.code, self.out, self.err


def both(scenario: Callable[[Program], Result]) -> tuple[Story, Story]:
    """Play ``scenario``, whose result is its last call's, with ours and with the script; return both stories."""
    by_ours = _story(scenario(ours))
    leftovers.remove()
    return by_ours, _story(scenario(script))


def stage(*docker_options: str) -> Container:
    """Set a scene: the bridge br-int (userspace datapath) and the container c1."""
    ovs("add-br", "br-int", "--", "set", "bridge", "br-int", f"datapath_type={DATAPATH}")
    return containers.create("c1", *docker_options)


def attached(program: Program, *options: str) -> Container:
    """Set a scene: c1 attached to br-int as eth0 by the program whose story it is."""
    c1 = stage()
    assert program("add-port", *PLACE, *options) == Result(0, "", "")
    return c1


def _story(result: Result) -> Story:
    host = json.dumps(comparable_snapshot())
    for full_id in docker("ps", "--all", "--quiet", "--no-trunc").split():
        host = host.replace(full_id, "FULL-ID").replace(full_id[:12], "SHORT-ID")
    return Story(result.code, _masked(result.out), result.err, json.loads(host, object_hook=_with_sorted_lists))


def _with_sorted_lists(picture: Picture) -> Picture:
    """Sort anew what was sorted by ids that differ from run to run."""
    return {key: sorted(value, key=str) if isinstance(value, list) else value for key, value in picture.items()}


def _masked(out: str) -> str:
    """Take the text of a usage for granted: both have one, ours tells of more."""
    program, _, rest = out.partition(": Performs integration of Open vSwitch with Docker.\nusage: ")
    return f"USAGE of {program}" if rest.startswith(f"{program} ") else out
