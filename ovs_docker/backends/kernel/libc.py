"""Calls of the C library for which Python has no function, system calls without one there among them."""

import os


def call(function: str, *arguments: int | bytes | None) -> int:
    """Call a function; raise OSError where it returns less than 0.

    A system call is call("syscall", number, …); the numbers from 424 on are the same on all architectures but alpha.
    """
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    result = int(getattr(libc, function)(*words))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
