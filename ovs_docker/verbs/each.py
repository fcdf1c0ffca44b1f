"""Work that is tried again when another call was faster, and work on many ports where some may fail. No I/O."""

from collections.abc import Callable
from typing import TypeVar

from ovs_docker.errors import Error, WorldChanged
from ovs_docker.model.port import PortSpec

_ATTEMPTS = 5
_T = TypeVar("_T")


def persist(work: Callable[[], _T]) -> _T:
    """Do `work`, and start over where somebody else changed its bridges or ports meanwhile."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return work()
        except WorldChanged:
            continue
    return work()


def each(specs: list[PortSpec], work: Callable[[list[PortSpec]], None]) -> tuple[list[PortSpec], list[Error]]:
    """Do `work` on all specs at once, again without the ones that an error names, until it succeeds.

    Returns the specs that it succeeded for and the errors; an error that names no port is raised.
    """
    failures: list[Error] = []
    while specs:
        try:
            work(specs)
            break
        except Error as error:
            errors, error.also = [error, *error.also], ()
            places = {each.place for each in errors if each.place}
            rest = [spec for spec in specs if spec.place not in places]
            if len(rest) == len(specs):
                raise
            failures += errors
            specs = rest
    return specs, failures
