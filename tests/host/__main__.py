"""The command line of the private host: ``python3 -m tests.host COMMAND…`` runs COMMAND on one.

Exit status: COMMAND's own; 127 when it cannot be started, 70 when the host cannot, 3 when this machine lacks
something, 2 when no COMMAND is given.
"""

import os
import sys
from collections.abc import Sequence

from tests.host import cgroups, first, namespaces, programs


def main(command: Sequence[str]) -> int:
    """Run ``command`` on a private host of its own."""
    if not command:
        print("usage: python3 -m tests.host COMMAND [ARGUMENT]...", file=sys.stderr)
        return 2
    if os.geteuid() != 0 and programs.has_sudo():
        os.execvp("sudo", ["sudo", "-E", sys.executable, "-m", "tests.host", *command])
    if obstacles := programs.obstacles():
        print("A private host cannot start here:", *obstacles, sep="\n  ", file=sys.stderr)
        return 3
    return _run(command)


def _run(command: Sequence[str]) -> int:
    try:
        with cgroups.parent() as group:
            return namespaces.run_first_process(lambda: first.serve(command, group))
    except OSError as error:
        needs = "CAP_SYS_ADMIN, and a / that is a mount point (in a plain chroot it is not)"
        print(f"A private host cannot start here: {error}. It needs {needs}.", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
