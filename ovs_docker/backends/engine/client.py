"""The docker package's client over requests of ours, which keep to the call's time and to the size of an answer.

What is asked of it is in docker.py. The package's own requests end neither with a slow answer nor with a long one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from docker import APIClient
from docker.errors import DockerException
from requests import Response
from requests.adapters import BaseAdapter
from requests.exceptions import RequestException

from ovs_docker.backends.engine.endpoint import check_files
from ovs_docker.backends.engine.http import Line
from ovs_docker.errors import Error


class _OverLine(BaseAdapter):
    """Sends the package's requests, all of which are GET, over a line."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line

    def send(self, request: Any, *_: Any, **__: Any) -> Response:
        reply, response = self.line.get(request.path_url).receive(), Response()
        response.status_code, response._content = reply.status, reply.body
        response.request, response.url = request, request.url
        return response

    def close(self) -> None:
        pass


@contextmanager
def client_over(line: Line) -> Iterator[Any]:
    """Open a client; raise DockerMissing where the engine's answer is none."""

    class Client(APIClient):  # type: ignore[misc]
        """One to which proxies and passwords in environment and home directory mean nothing: the engine is here."""

        trust_env = property(lambda _: False, lambda _, value: None)

        def get_adapter(self, url: str) -> _OverLine:
            return _OverLine(line)

    check_files()
    where = line.endpoint
    try:
        with Client(where.url, version="auto") as client:
            yield client
    except (DockerException, RequestException) as error:
        if isinstance(error.__cause__, Error):  # the package wraps what goes wrong while it asks for the version
            raise error.__cause__ from None
        raise line.missing(f"no answer from {where.kind.name} at {where.url}: {error}") from None
