"""systemd's notifications (sd_notify(3)): ready, alive, stopping. Without systemd they go nowhere."""

import os
from contextlib import suppress
from socket import AF_UNIX, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK, socket


def tell(state: str) -> None:
    """Send one line, e.g. READY=1, to the socket that systemd named."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return
    # An error means that systemd is gone or does not read, or that too many files are open: nobody can be notified.
    with suppress(OSError), socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK) as notify:
        notify.sendto(state.encode(), "\0" + path[1:] if path.startswith("@") else path)


def watchdog_seconds() -> float | None:
    """Return how often systemd wants a sign of life, None for never: half of WATCHDOG_USEC (sd_watchdog_enabled(3))."""
    usec = os.environ.get("WATCHDOG_USEC", "")
    mine = os.environ.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
    return int(usec) / 2e6 or None if usec.isascii() and usec.isdigit() and len(usec) < 21 and mine else None
