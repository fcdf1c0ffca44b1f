"""A second Docker Engine on the private host, with a data root and a socket of its own; the first goes on beside it."""

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator

from tests.host import MARK
from tests.host.daemons import STATE
from tests.host.services import CONTAINERD_SOCKET
from tests.integration.support.commands import Result, run
from tests.integration.support.processes import wait_until

URL = "unix:///run/docker2.sock"
OPTION = f"--docker-host={URL}"
WORDS = (
    *("dockerd", f"--data-root={STATE}/docker2", "--exec-root=/run/docker2", "--pidfile=/run/docker2.pid"),
    *(f"--host={URL}", f"--containerd={CONTAINERD_SOCKET}", "--containerd-namespace=second"),
    *("--containerd-plugins-namespace=second-plugins", "--bridge=none", "--iptables=false", "--ip6tables=false"),
    *("--userland-proxy=false", f"--cgroup-parent=/{os.environ.get(MARK, '')}"),
    "--exec-opt=native.cgroupdriver=cgroupfs",
)


@contextlib.contextmanager
def second_docker(*options: str) -> Iterator[Callable[..., Result]]:
    """Run it, with more options, for the length of a with block; return its ``docker``. Its containers go with it."""
    with (STATE / "dockerd2.log").open("wb") as log:
        daemon = subprocess.Popen([*WORDS, *options], stdout=log, stderr=log)
    try:
        wait_until(lambda: _docker("info", check=False).code == 0)
        run("sh", "-c", f"docker save netsho | docker --host={URL} load", check=True)
        yield _docker
        if ids := _docker("ps", "--all", "--quiet").out.split():
            _docker("rm", "--force", *ids)
    finally:
        daemon.terminate()
        daemon.wait(20)


def _docker(*words: str, check: bool = True) -> Result:
    return run("docker", f"--host={URL}", *words, check=check)
