"""Asks a daemon of Open vSwitch or OVN by its control socket (ovs-appctl(8)): a killed or hung one does not answer."""

import json
from socket import AF_UNIX, SOCK_CLOEXEC, SOCK_STREAM, socket

_MOST = 1 << 16  # bytes


def socket_of(directory: str, program: str) -> str | None:
    """Return the control socket of a daemon that runs or was killed; one that has ended leaves no pidfile."""
    try:
        with open(f"{directory}/{program}.pid") as pidfile:
            return f"{directory}/{program}.{int(pidfile.read())}.ctl"
    except (OSError, ValueError):
        return None


def ask(path: str, command: str, seconds: float) -> str | None:
    """Return what the daemon at a control socket says to a command; None if it says nothing."""
    with socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC) as daemon:
        daemon.settimeout(seconds)
        try:
            daemon.connect(path)
            daemon.sendall(json.dumps({"id": 0, "method": command, "params": []}).encode())
            return str(json.loads(daemon.recv(_MOST))["result"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
