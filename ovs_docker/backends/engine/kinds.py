"""The kinds of engines: what each is called, where it listens, how its answers are told from another's. No I/O.

What it is asked, and what only it answers, is in its own module (docker.py, podman.py).
"""

import os
from typing import NamedTuple

_NAME_IT = "or name its socket with --docker-host=unix://PATH"


class Kind(NamedTuple):
    """One kind of engine that answers Docker's API."""

    name: str
    noun: str
    """What is missing where it does not answer."""
    url: str
    """Where root's has its socket; that of each user has the same file name."""
    start: str
    header: bytes = b""
    """A header that only its answers have, in lower case."""
    word: str = ""
    """How Container.engine begins."""


DOCKER = Kind("Docker", "Docker Engine", "unix:///var/run/docker.sock", f"start it (service docker start), {_NAME_IT}")
PODMAN = Kind(  # podman-system-service(1)
    "Podman",
    "Podman",
    "unix:///run/podman/podman.sock",
    f"start one of them, {_NAME_IT}",
    b"libpod-api-version",
    "podman",
)
ALL = DOCKER, PODMAN
"""In the order in which they are looked for where nobody names one."""


DATA_ROOT = "/var/lib/docker"


def directory(engine: str, full_id: str) -> str:
    """Return where a Docker, given as Container.engine has it, keeps a container until it is removed; "" for others."""
    if engine.startswith(PODMAN.word):
        return ""
    return os.path.join("/", engine.removeprefix("docker:") or DATA_ROOT, "containers", full_id)


def expected_at(path: str) -> Kind:
    """Return the kind whose socket has this file name; where it does not tell, Docker, whose API they all answer."""
    return next((kind for kind in ALL if os.path.basename(path) == os.path.basename(kind.url)), DOCKER)


def of_answer(head: bytes) -> Kind:
    """Return the kind whose answer begins so."""
    lines = {line.partition(b":")[0] for line in head.lower().splitlines()}
    return next((kind for kind in ALL if kind.header in lines), DOCKER)
