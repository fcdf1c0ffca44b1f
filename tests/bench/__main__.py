"""``python -m tests.bench``: run the comparison, print the table, fail when a target is missed.

Exit status: 0 all targets met, 1 one missed, 3 not on a private host; a command that fails ends it with a message.
"""

import argparse
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from tests.bench import neutral, table
from tests.bench.rounds import VERBS, Figures, compare
from tests.bench.timing import RunFailed
from tests.host import MARK


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("--pairs", type=int, default=15, help="runs of each program per verb (default: 15)")
    parser.add_argument("--ports", type=int, default=5000, help="other ports in the full database (default: 5000)")
    parser.add_argument(
        "--verb", action="append", choices=[verb.name for verb in VERBS], help="only this verb (repeatable)"
    )
    return parser.parse_args()


def measure(asked: argparse.Namespace) -> Iterator[Figures]:
    """Yield the figures of every verb, on an empty database first and on a full one then."""
    neutral.furnish()
    for ports in dict.fromkeys((0, asked.ports)):
        if ports:
            subprocess.run([sys.executable, "-m", "tests.bench.filler", str(ports)], check=True)
        for verb in VERBS:
            if not asked.verb or verb.name in asked.verb:
                print(f"{verb.name}, {ports:,} other ports…", file=sys.stderr, flush=True)
                yield compare(verb, ports, asked.pairs)


def compiled() -> bool:
    """Say whether the installed package is byte-compiled: without that, ours would pay for it in every run."""
    installed = Path(sysconfig.get_path("purelib"), "ovs_docker")
    return any(installed.rglob("*.pyc"))


def main() -> int:
    """Run the benchmark."""
    if MARK not in os.environ:
        print("The benchmark needs a private host: tox -e bench", file=sys.stderr)
        return 3
    if not compiled():
        print("ovs_docker is not installed, or not byte-compiled: times would mislead", file=sys.stderr)
        return 3
    try:
        measured = list(measure(options()))
    except RunFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(table.rendered(measured))
    return 0 if all(map(table.met, measured)) else 1


if __name__ == "__main__":
    sys.exit(main())
