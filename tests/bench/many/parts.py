"""``python -m tests.bench.many.parts WORDS…`` runs ovs-docker in this process and prints where its time went.

The doors of the backends are wrapped in stopwatches; what no door accounts for is Python itself, imports included.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from typing import Any

SPENT: dict[str, float] = {}
_running: list[str] = []


def timed(part: str, door: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a door: its time counts for ``part``, unless it was called from within another one."""

    def call(*words: Any, **options: Any) -> Any:
        if _running:
            return door(*words, **options)
        _running.append(part)
        began = time.perf_counter()
        try:
            return door(*words, **options)
        finally:
            SPENT[part] = SPENT.get(part, 0) + time.perf_counter() - began
            _running.pop()

    return call


def wrap(part: str, owner: Any, *doors: str) -> None:
    """Put stopwatches on methods or functions of ``owner``."""
    for door in doors:
        setattr(owner, door, timed(part, getattr(owner, door)))


def main(words: list[str]) -> int:
    """Run the call; print the parts in milliseconds as JSON on stderr."""
    began = time.perf_counter()
    from ovs_docker import cli
    from ovs_docker.apply import changes, ports
    from ovs_docker.apply import inside as interfaces
    from ovs_docker.backends.engine import docker, find
    from ovs_docker.backends.kernel import netns, nic, rtnl
    from ovs_docker.backends.ovsdb import session as ovsdb

    wrap("Docker", find.Local, "ask", "containers")
    wrap("Docker", docker.Question, "answer")
    wrap("kernel", rtnl.Rtnl, "request", "dump", "delete_links", "_talk")
    wrap("kernel", nic, "index_of", "checksum_offload_off", "enable_ipv6")
    wrap("kernel", netns.Netns, "__init__", "still_runs")
    wrap("kernel", netns, "_setns")
    wrap("kernel", interfaces.Announce, "do")
    for module in (changes, ports):
        wrap("vswitchd", module, "await_vswitchd")
    wrap("OVSDB", ovsdb.Ovsdb, "transact", "lock")
    gc.disable()  # as cli.entry does
    status = cli.main(["ovs-docker", *words])
    SPENT["Python"] = time.perf_counter() - began - sum(SPENT.values())
    print(json.dumps({part: round(seconds * 1000) for part, seconds in SPENT.items()}), file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
