"""Replaces standard streams that the caller has closed: `>&-` in a shell, and some daemons."""

import os
import sys

_STREAMS = (("stdin", os.O_WRONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_RDWR, "w"))


def stand_in() -> None:
    """Open /dev/null in their place, or sockets would get their descriptors and be written to.

    It is opened the wrong way round, so that input and output fail as in other programs; stderr is discarded.
    """
    for name, access, mode in _STREAMS:
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, access), mode))
