"""Serves the driver on a unix socket that only root may open, with waitress. app.py answers.

A socket that nobody listens on is replaced; one with a listener is refused, and at the end ours is removed.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import AF_UNIX, SOCK_STREAM, socket
from threading import Thread
from typing import Any

from ovs_docker.errors import BadValue, Error, NoPermission

_THREADS = 16
_MOST = 8 << 20  # bytes of a body: above that waitress itself refuses it


def _live(path: str) -> bool:
    """Tell whether somebody listens on a socket."""
    with socket(AF_UNIX, SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(path)
        except TimeoutError:
            return True
        except OSError:
            return False
    return True


def _bind(path: str) -> socket:
    if os.path.lexists(path) and _live(path):
        raise BadValue("another driver listens there", "--name=NAME gives this one another name", "socket", path)
    listener, mask = socket(AF_UNIX, SOCK_STREAM), os.umask(0o177)
    try:
        os.makedirs(os.path.dirname(path) or ".", mode=0o755, exist_ok=True)
        with suppress(FileNotFoundError):
            os.unlink(path)
        listener.bind(path)
        listener.listen(128)
    except PermissionError:
        raise NoPermission(f"make the socket {path}") from None
    except OSError as error:
        raise BadValue(error.strerror or "cannot be made", "", "socket", path) from None
    finally:
        os.umask(mask)
    return listener


@contextmanager
def serving(path: str, app: Callable[..., Any]) -> Iterator[None]:
    """Serve the application in threads for the length of the body."""
    try:
        from waitress.server import create_server
    except ImportError:
        raise Error("the driver needs the package waitress", "pip install 'ovs-docker[driver]'") from None
    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # of a queue that grows while 50 containers start
    listener = _bind(path)
    server = create_server(
        app,
        sockets=[listener],
        threads=_THREADS,
        connection_limit=1000,
        max_request_body_size=_MOST,
        channel_timeout=3600,
        ident=None,
    )
    Thread(target=server.run, daemon=True, name="server").start()
    try:
        yield
    finally:
        with suppress(OSError):
            os.unlink(path)
        server.close()
