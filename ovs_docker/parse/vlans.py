"""Reads VLANs and numbers, for options and for the words of set-vlan and set-trunk. No I/O."""

from collections.abc import Callable
from typing import TypeVar

from ovs_docker.errors import BadValue

_T = TypeVar("_T")


def number(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `low` to `high`."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 11) or not low <= int(text) <= high:
            raise ValueError(f"needs a whole number from {low} to {high}")
        return int(text)

    return read


tag = number(0, 4095)  # ovs-vswitchd.conf.db(5), Port.tag


def trunks(text: str) -> tuple[int, ...]:
    """Read VLANs and ranges of them: 10,20-29."""
    spans = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low, high = tag(first), tag(last if dash else first)
        if low > high:
            raise ValueError(f"the range {part} runs backwards")
        spans.append((low, high))
    found: list[int] = []
    for low, high in sorted(spans):  # each VLAN once: a label may name all of them ten thousand times
        found.extend(range(max(low, found[-1] + 1 if found else 0), high + 1))
    return tuple(found)


def or_none(word: str, read: Callable[[str], _T], text: str) -> _T | None:
    """Read a word that may be `none`; raise BadValue naming the word."""
    try:
        return None if text == "none" else read(text)
    except ValueError as error:
        raise BadValue(f"{word} {text}: {error}") from None
