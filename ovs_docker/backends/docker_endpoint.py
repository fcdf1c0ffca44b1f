"""Where the Docker Engine is: --docker-host, $DOCKER_HOST, docker's current context, the local socket.

Talking to it is docker.py's.
"""

import os
from typing import NamedTuple

from ovs_docker.errors import BadValue, DockerMissing, DockerRemote

_LOCAL = "unix:///var/run/docker.sock"


class Endpoint(NamedTuple):
    """A socket of this machine: a unix domain socket's path, or an IPv4 address and port."""

    url: str
    path: str
    address: tuple[str, int]


def find(option: str | None) -> Endpoint:
    """Find the engine in docker's own order; raise DockerRemote for one on another host."""
    if option:
        return parse(option, f"--docker-host={option}")
    if host := os.environ.get("DOCKER_HOST"):
        return parse(host, f"DOCKER_HOST={host}")
    if context := _current_context():
        return parse(_host_of(context), f"docker context {context}")
    return parse(_LOCAL, _LOCAL)


def parse(url: str, said: str) -> Endpoint:
    """Read unix://PATH or tcp://HOST:PORT; `said` is how the user said it, for errors."""
    scheme, _, rest = url.partition("://")
    if scheme == "unix" and rest:
        return Endpoint(url, rest if rest.startswith("/") else f"/{rest}", ("", 0))
    if scheme in ("tcp", "http") and rest:
        return Endpoint(url, "", _local_address(rest.rstrip("/"), said))
    if scheme in ("ssh", "https") and rest:
        raise _remote(said)
    raise BadValue(f"{said}: needs unix://PATH or tcp://HOST:PORT")


def _local_address(rest: str, said: str) -> tuple[str, int]:
    """Return the address if it belongs to this host: only then can it be bound to."""
    from socket import AF_INET, SOCK_STREAM, getaddrinfo, socket

    host, _, port = rest.rpartition(":")
    if not host or not port.isdigit():
        raise BadValue(f"{said}: needs unix://PATH or tcp://HOST:PORT")
    if os.environ.get("DOCKER_TLS_VERIFY"):
        raise BadValue(f"{said}: TLS to Docker is not supported", "use the engine's unix socket: it is on this host")
    try:
        address = getaddrinfo(host, int(port), AF_INET, SOCK_STREAM)[0][4]
        with socket(AF_INET, SOCK_STREAM) as probe:
            probe.bind((address[0], 0))
    except OSError:
        raise _remote(said) from None
    return str(address[0]), int(port)


def _remote(said: str) -> DockerRemote:
    return DockerRemote(
        f"{said}: is on another host, whose process ids mean nothing here", "run ovs-docker on that host"
    )


def _current_context() -> str | None:
    """Name docker's current context, None for the default one. The docker package, 110 ms, is not needed for that."""
    if named := os.environ.get("DOCKER_CONTEXT"):
        return None if named == "default" else named
    home = os.environ.get("DOCKER_CONFIG") or os.path.join(os.path.expanduser("~"), ".docker")
    try:
        with open(os.path.join(home, "config.json"), encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return None
    import json

    try:
        named = json.loads(text).get("currentContext")
    except (ValueError, AttributeError):
        return None
    return None if named in (None, "", "default") else str(named)


def _host_of(context: str) -> str:
    from docker.context import ContextAPI
    from docker.errors import DockerException

    try:
        found = ContextAPI.get_context(context)
    except (DockerException, OSError, ValueError) as error:
        raise DockerMissing(f"docker context {context} cannot be read: {error}") from None
    if found is None or not found.Host:
        raise DockerMissing(f"there is no docker context {context}", "docker context ls shows them")
    return str(found.Host)
