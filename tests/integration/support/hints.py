"""Somebody who does what a hint of check says, word by word: commands, and verbs for the port that the test is about.

What check finds is read by the tests themselves.
"""

import shlex
from collections.abc import Sequence

from tests.host import ovn, services
from tests.integration.support.commands import ours, run

PLACE = ("br-int", "eth0", "c1")
SERVICES = {
    "openvswitch-switch": (services.ovsdb, services.vswitchd),
    "ovn-host": (ovn.controller,),
}
"""The services of Debian's packages, which here are daemons without an init."""


def follow(hint: str, *options: str) -> None:
    """Do one thing after the other; `options` are those of the add-port that the test began with."""
    for part in hint.split(", then "):
        _do(shlex.split(part.removeprefix("ovs-docker ")), options)


def _do(words: Sequence[str], options: Sequence[str]) -> None:
    program, *rest = words
    if program in ("add-port", "del-port") and not rest:
        ours(program, *PLACE, *(options if program == "add-port" else ()), check=True)
    elif program in ("add-port", "del-port", "set-vlan", "set-trunk"):
        ours(*words, check=True)
    elif program == "sync":  # the other words say what it does
        ours("sync", check=True)
    elif program == "service":
        for daemon in SERVICES[rest[0]]:
            daemon().restart()
    else:
        run(*words, check=True)
