"""The command line: ``python3 -m tests.releases [--make | --made] [RELEASE…] [PYTEST OPTION…]`` runs the suite on each.

With --make it only makes the roots, with --made it uses those there are. Exit status: that of the first pytest that
failed; CANNOT when a root cannot be had.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path

from tests.host import MARK, cgroups, namespaces, programs
from tests.releases import CANNOT, root, suite

FIRST_ROW = (
    "| Release | Open vSwitch / OVN | Docker / Podman / compose | Python | passed | failed | skipped | date |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def main(words: Sequence[str]) -> int:
    """Make roots, run the suite in each, and print a row of a table for each."""
    if os.geteuid() != 0 and programs.has_sudo():
        os.execvp("sudo", ["sudo", "-E", sys.executable, "-m", "tests.releases", *words])
    if lacking := programs.missing("releases"):
        return _refuse("; ".join(f"{program} is not installed" for program in lacking))
    # Names of control groups hold a number of a process, which the processes below count anew.
    os.environ[MARK] = f"{os.environ.get(MARK, cgroups.PREFIX.rstrip('-'))}-{os.getpid()}"
    choice, words = (words[0], words[1:]) if words[:1] in (["--make"], ["--made"]) else ("", words)
    releases = list(takewhile((root.RELEASES + root.UBUNTUS).__contains__, words))
    options = words[len(releases) :]
    make = root.made_before if choice == "--made" else root.made
    run = _only_made if choice == "--make" else lambda made: _run(made, options)
    return _in_namespaces(lambda: run({release: make(release) for release in releases or root.RELEASES}))


def _in_namespaces(work: Callable[[], int]) -> int:
    def first() -> int:
        try:
            return work()
        except (OSError, subprocess.CalledProcessError) as error:
            return _refuse(str(error))

    try:
        return namespaces.run_first_process(first, network=False)
    except OSError as error:
        return _refuse(str(error))


def _only_made(made: dict[str, Path]) -> int:
    return 0


def _run(made: dict[str, Path], options: Sequence[str]) -> int:
    results = [suite.run(release, path, options) for release, path in made.items()]
    print("", FIRST_ROW, *results, sep="\n", flush=True)
    return next((result.status for result in results if result.status), 0)


def _refuse(reason: str) -> int:
    print(f"The suite cannot run on other releases here: {reason}", file=sys.stderr, flush=True)
    return CANNOT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
