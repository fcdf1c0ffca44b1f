"""Calls functions of the C library that Python lacks. Where the library lacks one too, it makes the system call."""

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
