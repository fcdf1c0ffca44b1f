"""Finds the engine: --docker-host, $DOCKER_HOST, docker's current context, Docker's local socket, else another's."""

import os
from stat import S_ISFIFO
from typing import Any, NamedTuple

from ovs_docker.backends import read, resolve
from ovs_docker.backends.engine.kinds import ALL, DOCKER, Kind, expected_at
from ovs_docker.deadline import Deadline
from ovs_docker.errors import BadValue, DockerMissing, DockerRemote, about

_UNLIMITED = Deadline(0)
_NEEDS = "needs unix://PATH or tcp://HOST:PORT"


class Endpoint(NamedTuple):
    """A socket of this machine: a unix domain socket's path, or an IP address and port."""

    url: str
    path: str
    address: tuple[str, int]
    unnamed: bool = False
    """Nobody said where the engine is: where Docker does not answer, another one may."""

    @property
    def kind(self) -> Kind:
        """Return what is expected there."""
        return expected_at(self.path)

    @property
    def is_customary(self) -> bool:
        """Tell whether this is where a host's own Docker has its socket."""
        return self.unnamed or os.path.realpath(self.path) == os.path.realpath(DOCKER.url.removeprefix("unix://"))


def find(option: str | None, deadline: Deadline = _UNLIMITED) -> Endpoint:
    """Find the engine in docker's own order; raise DockerRemote for one on another host."""
    if option:
        with about("docker-host", option):
            return parse(option, deadline)
    if host := os.environ.get("DOCKER_HOST"):
        with about("", f"DOCKER_HOST={host}"):
            return parse(host, deadline)
    if context := _current_context():
        host = _host_of(context)
        with about("", f"docker context {context}"):
            return parse(host, deadline)
    return parse(DOCKER.url)._replace(unnamed=True)


def others() -> list[Endpoint]:
    """Return where the other engines of root have their sockets."""
    return [parse(kind.url) for kind in ALL if kind is not DOCKER]


def parse(url: str, deadline: Deadline = _UNLIMITED) -> Endpoint:
    """Read unix://PATH or tcp://HOST:PORT; raise BadValue, DockerRemote or TimedOut."""
    scheme, _, rest = url.partition("://") if url.isprintable() else ("", "", "")
    if scheme == "unix" and rest:
        return Endpoint(url, rest if rest.startswith("/") else f"/{rest}", ("", 0))
    if scheme in ("tcp", "http") and rest:
        return Endpoint(url, "", _local_address(rest.rstrip("/"), deadline))
    if scheme in ("ssh", "https") and rest:
        raise _remote()
    raise BadValue(_NEEDS)


def _local_address(rest: str, deadline: Deadline) -> tuple[str, int]:
    """Return the address if it belongs to this host: only then can it be bound to."""
    host, _, port = rest.rpartition(":")
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    if not host or not 0 < number < 65536 or (":" in host) != host.startswith("["):
        raise BadValue(_NEEDS)
    if os.environ.get("DOCKER_TLS_VERIFY"):
        raise BadValue("TLS to Docker is not supported", "use the engine's unix socket: it is on this host")
    try:
        found = resolve(host.strip("[]"), number, deadline, f"the name of Docker's host {host} to be resolved")
    except OSError:
        raise _remote() from None
    here = [str(address[0]) for family, _, _, _, address in sorted(found) if _is_local(family, str(address[0]))]
    if not here:
        raise _remote()
    return here[0], number


def _is_local(family: int, address: str) -> bool:
    from socket import SOCK_STREAM, socket

    try:
        with socket(family, SOCK_STREAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def _remote() -> DockerRemote:
    return DockerRemote("is on another host, whose process ids mean nothing here", "run ovs-docker on that host")


def _current_context() -> str | None:
    """Name docker's current context, None for the default one."""
    if named := os.environ.get("DOCKER_CONTEXT"):
        return None if named == "default" else named
    try:
        named = _read("config.json").get("currentContext")
    except (OSError, ValueError, AttributeError, RecursionError):
        return None
    return None if named in (None, "", "default") else str(named)


def _host_of(context: str) -> str:
    """Read where a context's engine is.

    Not by the docker package: importing it costs 110 ms, and without a config.json it looks for
    contexts in the current directory, which root must not trust.
    """
    from hashlib import sha256

    try:
        meta = _read("contexts", "meta", sha256(context.encode()).hexdigest(), "meta.json")
        return str(meta["Endpoints"]["docker"]["Host"])
    except FileNotFoundError:
        raise DockerMissing(f"there is no docker context {context}", "docker context ls shows them") from None
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise DockerMissing(f"docker context {context} cannot be read: {error}") from None


def _read(*parts: str) -> Any:
    """Read a JSON file below docker's configuration directory."""
    import json

    return json.loads(read(os.path.join(_home(), *parts)))


def _home() -> str:
    return os.environ.get("DOCKER_CONFIG") or os.path.join(os.path.expanduser("~"), ".docker")


def check_files() -> None:
    """Raise DockerMissing where the docker package, which reads these files, would wait for ever."""
    for path in os.path.join(_home(), "config.json"), os.path.expanduser("~/.dockercfg"):
        if os.path.exists(path) and S_ISFIFO(os.stat(path).st_mode):
            raise DockerMissing(f"{path} is a FIFO", "docker's settings belong into a regular file")
