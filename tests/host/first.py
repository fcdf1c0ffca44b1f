"""Process 1 of a private host: it sets everything up, runs one command, and reaps whatever is left to it.

What a host consists of is said in environment.py, services.py and image.py.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from tests.host import environment, image, services
from tests.host.daemons import DaemonFailed
from tests.host.status import exit_status


def serve(command: Sequence[str], cgroup: str) -> int:
    """Set the host up, run ``command`` on it, and return its exit status."""
    try:
        environment.prepare(cgroup)
        services.start_all()
        image.load()
    except (OSError, DaemonFailed, subprocess.CalledProcessError) as error:
        print(f"private host: {error}", file=sys.stderr, flush=True)
        return 70
    return _run(command)


def _run(command: Sequence[str]) -> int:
    try:
        process = subprocess.Popen(command)
    except OSError as error:
        print(f"private host: {error}", file=sys.stderr, flush=True)
        return 127
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: process.send_signal(got))
    signal.signal(signal.SIGINT, lambda *_: None)
    return _reap_until(process.pid)


def _reap_until(pid: int) -> int:
    # Daemons, and what containers leave behind, end up as children of process 1.
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == pid:
            return exit_status(status)
