"""The kernel's part of a private host: new namespaces, mounts, and a first process that owns them.

What is started inside is not decided here.
"""

import ctypes
import os
import signal
from collections.abc import Callable

from tests.host.status import exit_status

CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET = 0x00020000, 0x20000000, 0x40000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount as mount(2) does; raises OSError."""
    words = (source.encode(), target.encode(), kind.encode() or None, flags, options.encode() or None)
    _checked(_libc.mount(*words), f"mount {kind or source} on {target}")


def unshare(network: bool = True) -> None:
    """Leave the machine's mounts, (for children) processes and, unless told not to, network; raises OSError."""
    _checked(_libc.unshare(CLONE_NEWNS | CLONE_NEWPID | (CLONE_NEWNET if network else 0)), "unshare")
    mount("none", "/", flags=MS_REC | MS_PRIVATE)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, however that happens."""
    _checked(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def run_first_process(first: Callable[[], int], network: bool = True) -> int:
    """Run ``first`` as process 1 of new namespaces, on request without one for the network, and return its exit status.

    All that lives in the namespaces dies with that process, and that process with this one.
    """
    unshare(network)
    pid = os.fork()
    if pid == 0:
        _be_first_process(first)
    _pass_signals_on(pid)
    return exit_status(os.waitpid(pid, 0)[1])


def _be_first_process(first: Callable[[], int]) -> None:
    status = 70
    try:
        die_with_parent()
        _end_on_signals()
        mount("proc", "/proc", "proc")
        status = first()
    except OSError as error:
        os.write(2, f"private host: {error}\n".encode())
    finally:
        os._exit(status)


def _end_on_signals() -> None:
    # The kernel drops signals that process 1 does not handle. `first` may replace these handlers.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: os._exit(128 + got))


def _pass_signals_on(pid: int) -> None:
    # Ctrl-C reaches everyone on the terminal by itself. A handler that does nothing keeps us waiting for the
    # command; SIG_IGN would be inherited by it.
    signal.signal(signal.SIGINT, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: os.kill(pid, got))
