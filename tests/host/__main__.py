"""The command line of the private host: ``python3 -m tests.host [--kernel[=SECONDS]] COMMAND…`` runs COMMAND on one.

With --kernel the host has a kernel of its own, which may take that long. Exit status: COMMAND's own; 127 when it cannot
be started, 70 when the host cannot or its kernel ends, 3 when this machine lacks something, 2 for other words.
"""

import os
import sys
from collections.abc import Callable, Sequence

from tests.host import cgroups, first, namespaces, programs
from tests.host.kernel import machine

USAGE = "usage: python3 -m tests.host [--kernel[=SECONDS]] COMMAND [ARGUMENT]..."
SECONDS = "600"


def main(words: Sequence[str]) -> int:
    """Run a command on a private host of its own."""
    seconds, command = _read(words)
    if not command or (seconds and not seconds.isdecimal()):
        print(USAGE, file=sys.stderr)
        return 2
    if os.geteuid() != 0 and programs.has_sudo():
        os.execvp("sudo", ["sudo", "-E", sys.executable, "-m", "tests.host", *words])
    if obstacles := programs.obstacles(kernel=bool(seconds)):
        print("A private host cannot start here:", *obstacles, sep="\n  ", file=sys.stderr)
        return 3
    if seconds:
        return _first_process(lambda: machine.serve(command, int(seconds)))
    with cgroups.parent() as group:
        return _first_process(lambda: first.serve(command, group))


def _read(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the seconds of a kernel, empty for none, and the command."""
    option, given, seconds = words[0].partition("=") if words else ("", "", "")
    if option != "--kernel":
        return "", words
    return seconds if given else SECONDS, words[1:]


def _first_process(first: Callable[[], int]) -> int:
    try:
        return namespaces.run_first_process(first)
    except OSError as error:
        needs = "CAP_SYS_ADMIN, and a / that is a mount point (in a plain chroot it is not)"
        print(f"A private host cannot start here: {error}. It needs {needs}.", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
