"""Standard streams that the caller has closed: `>&-` in a shell, and some daemons. Calls with open ones do without."""

import os
import sys

_STREAMS = (("stdin", os.O_WRONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_RDWR, "w"))


def stand_in() -> None:
    """Put /dev/null into their places, which sockets would take otherwise, and be written to.

    It is opened the wrong way round, so that reading fails, and output that nobody gets, as it does
    for other programs; what is said on stderr just goes nowhere.
    """
    for name, access, mode in _STREAMS:
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, access), mode))
