"""The driver as a WSGI application: a table from path to method; a JSON object comes back whatever happens.

What a body means is in protocol.py, what it comes to in networks.py, endpoints.py and publishing.py.
"""

import json
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from http import HTTPStatus
from time import monotonic
from typing import IO, Any, NamedTuple

from ovs_docker.driver import endpoints, networks, protocol, publishing
from ovs_docker.driver.networks import Defaults
from ovs_docker.errors import BadValue, Error, WorldChanged
from ovs_docker.report.text import sentence
from ovs_docker.watch.log import Log
from ovs_docker.world import Settings, World

Environ = dict[str, Any]
Answer = dict[str, Any]

SECONDS = (
    10.0  # of a request, at most; a rollback has as many again (apply/runner.py), and Docker itself waits for ever
)
_LONGEST = 1 << 20  # bytes of a body
_TRIES = 5  # of a change that somebody else's came before


class Method(NamedTuple):
    """`read` makes a value of the body, `do` an answer of it; None: the answer is {}."""

    read: Callable[[protocol.Body], Any]
    do: Callable[["App", Any], Answer | None]
    has_body: bool = True


class App:
    """Answers Docker. It remembers nothing but which endpoints and networks it was just asked about (recent)."""

    def __init__(self, settings: Settings, defaults: Defaults, log: Log) -> None:
        seconds = min(settings.timeout or SECONDS, SECONDS)
        self.settings = settings._replace(timeout=seconds, quiet=True, dry_run=False, wait=True, discovers=False)
        self.defaults = defaults
        self.log = log
        self.recent: dict[str, float] = {}

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        status, answer = self._answer(environ)
        body = json.dumps(answer).encode() + b"\n"
        headers = [("Content-Type", "application/vnd.docker.plugins.v1.2+json"), ("Content-Length", str(len(body)))]
        start(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, environ: Environ) -> tuple[HTTPStatus, Answer]:
        path = environ.get("PATH_INFO", "").removeprefix("/")
        method = METHODS.get(path)
        if method is None or environ.get("REQUEST_METHOD") != "POST":
            return HTTPStatus.NOT_FOUND, {"Err": f"no such method: {path[:100]}"}
        try:
            wish = method.read(_body(environ) if method.has_body else {})
        except Error as error:
            self.log.warning(f"{path}: {sentence(error)}")
            return HTTPStatus.BAD_REQUEST, {"Err": sentence(error)}
        return HTTPStatus.OK, self._do(path, method, wish)

    def _do(self, path: str, method: Method, wish: Any) -> Answer:
        since, about = monotonic(), _about(path, wish)
        try:
            answer = method.do(self, wish) or {}
        except Error as error:
            self.log.warning(f"{about}: {sentence(error)}")
            return {"Err": sentence(error)}
        except Exception as error:  # a bug, too many open files: Docker gets an answer all the same
            self.log.warning(f"{about}: {type(error).__name__}: {error} {_where(sys.exc_info()[2])}")
            return {"Err": f"{type(error).__name__}: {error}"}
        if wish is not None:
            self.log.info(f"{about} in {(monotonic() - since) * 1000:.0f} ms")
        return answer

    def work(self, wish: Any, do: Callable[[World], Answer | None]) -> Answer | None:
        """Do something with a World of its own; do it again where somebody else changed the same meanwhile."""
        self.touch(wish)
        try:
            return self._try(do)
        finally:
            self.touch(wish)

    def touch(self, wish: Any) -> None:
        """Note what was asked about: what Docker does not list yet, it may be about to."""
        now = monotonic()
        ids = wish if isinstance(wish, str) else getattr(wish, "endpoint", wish.network)
        self.recent = {**{name: at for name, at in self.recent.items() if at > now - 60}, ids: now}

    def _try(self, do: Callable[[World], Answer | None]) -> Answer | None:
        for last in (*([False] * (_TRIES - 1)), True):
            with closing(World(self.settings)) as world:
                try:
                    return do(world)
                except WorldChanged:
                    if last:
                        raise
        return None


def _body(environ: Environ) -> protocol.Body:
    """Read the body, whatever the Content-Type: Docker sends none.

    An empty one is a retry: Docker sends a body only once. What it said then nobody knows.
    """
    stream: IO[bytes] = environ["wsgi.input"]
    data = stream.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise BadValue(f"the body has more than {_LONGEST >> 20} MiB")
    if not data.strip():
        raise BadValue(
            "the body is empty", "a retry by Docker, whose first answer was lost, does not say what was asked"
        )
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise BadValue("the body is not JSON") from None
    if not isinstance(body, dict):
        raise BadValue("the body is not a JSON object")
    return body


def _about(path: str, wish: Any) -> str:
    what = getattr(wish, "endpoint", None) or getattr(wish, "network", wish)
    return f"{path.rpartition('.')[2]} {what[:12]}" if isinstance(what, str) else path.rpartition(".")[2]


def _where(trace: Any) -> str:
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else ""


def _nothing(app: App, wish: Any) -> None:
    return None


def _create_network(app: App, wish: protocol.NewNetwork) -> Answer | None:
    return app.work(wish, lambda world: networks.create(world, app.defaults, wish))


def _delete_network(app: App, network: str) -> Answer | None:
    def do(world: World) -> None:
        if stays := networks.delete(world, network):
            app.log.warning(stays)

    return app.work(network, do)


METHODS: dict[str, Method] = {
    "Plugin.Activate": Method(protocol.nothing, lambda *_: {"Implements": ["NetworkDriver"]}, has_body=False),
    "NetworkDriver.GetCapabilities": Method(
        protocol.nothing, lambda *_: {"Scope": "local", "ConnectivityScope": "local"}, has_body=False
    ),
    "NetworkDriver.CreateNetwork": Method(protocol.new_network, _create_network),
    "NetworkDriver.DeleteNetwork": Method(protocol.network_id, _delete_network),
    "NetworkDriver.CreateEndpoint": Method(
        protocol.new_endpoint, lambda app, wish: app.work(wish, lambda world: endpoints.create(world, wish))
    ),
    "NetworkDriver.DeleteEndpoint": Method(
        protocol.endpoint, lambda app, wish: app.work(wish, lambda world: endpoints.delete(world, wish))
    ),
    "NetworkDriver.EndpointOperInfo": Method(protocol.endpoint, lambda *_: {"Value": {}}),
    "NetworkDriver.Join": Method(
        protocol.endpoint, lambda app, wish: app.work(wish, lambda world: endpoints.join(world, wish))
    ),
    # The port goes with DeleteEndpoint, which always follows: until then Docker moves the pair's end back.
    "NetworkDriver.Leave": Method(
        protocol.endpoint, lambda app, wish: app.work(wish, lambda world: publishing.withdraw(world, wish))
    ),
    "NetworkDriver.ProgramExternalConnectivity": Method(
        protocol.external, lambda app, wish: app.work(wish, lambda world: publishing.publish(world, wish))
    ),
    "NetworkDriver.RevokeExternalConnectivity": Method(
        protocol.endpoint, lambda app, wish: app.work(wish, lambda world: publishing.withdraw(world, wish))
    ),
    "NetworkDriver.DiscoverNew": Method(protocol.nothing, _nothing),
    "NetworkDriver.DiscoverDelete": Method(protocol.nothing, _nothing),
    "NetworkDriver.AllocateNetwork": Method(protocol.network_id, lambda *_: {"Options": {}}),
    "NetworkDriver.FreeNetwork": Method(protocol.network_id, _nothing),
    "NetworkDriver.GwAllocCheck": Method(protocol.nothing, lambda *_: {"SkipIPv4": False, "SkipIPv6": False}),
}
"""All methods that Docker may call, 20.10 to 29."""
