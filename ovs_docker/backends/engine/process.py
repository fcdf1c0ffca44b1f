"""A container's process: its network namespace and its files, opened, and checked to be its own.

Process ids are reused, and those of an engine behind a forwarded socket are another host's. What was opened is the
container's if the process's cgroup bears its id, or the process is in the namespace that the engine keeps for it, or
was started when the container was.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ovs_docker.backends.engine import Engine
from ovs_docker.backends.kernel.netns import Netns, is_process_of
from ovs_docker.errors import ContainerUnfit, DockerRemote
from ovs_docker.model.container import Container

_EARLIEST, _LATEST = -10.0, 1.5  # seconds after State.StartedAt, whose fraction is left out, that a process may begin


def check_runs(container: Container) -> Container:
    """Return the container if it runs; raise ContainerUnfit."""
    if not container.pid:
        raise stopped(container)
    return container


def check_fit(container: Container) -> Container:
    """Return the container if it runs and has a network of its own; raise ContainerUnfit."""
    check_runs(container)
    if container.host_network:
        raise _on_host_network(container)
    return container


def open_netns(engine: Engine, container: Container) -> Netns:
    """Open a container's network namespace; raise ContainerUnfit where it has none of its own, NoSuchContainer."""
    check_fit(container)
    try:
        netns = Netns(container.pid, container.name)
    except ContainerUnfit:
        if engine.inspect(container.id).pid == container.pid:
            raise _unseen(container) from None
        raise stopped(container) from None
    try:
        _check_process(engine, container)
        if netns.is_own():
            raise _on_host_network(container)
    except BaseException:
        netns.close()
        raise
    return netns


@contextmanager
def inside(engine: Engine, container: Container) -> Iterator[None]:
    """Run the body in a container's network namespace; raise what open_netns() does."""
    netns = open_netns(engine, container)
    try:
        with netns.entered():
            yield
    finally:
        netns.close()


def open_root(engine: Engine, container: Container) -> int:
    """Open a container's root directory (O_PATH); raise ContainerUnfit where it does not run, NoPermission."""
    if not container.pid:
        raise stopped(container)
    try:
        root = os.open(f"/proc/{container.pid}/root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise stopped(container) from None
    except PermissionError:
        from ovs_docker.backends.kernel.privilege import lacking

        raise lacking(f"look into container {container.name}", "SYS_PTRACE") from None
    try:
        _check_process(engine, container)
    except BaseException:
        os.close(root)
        raise
    return root


def stopped(container: Container) -> ContainerUnfit:
    return ContainerUnfit(f"container {container.name} is not running", f"{container.command} start {container.name}")


def _check_process(engine: Engine, container: Container) -> None:
    if is_process_of(container.pid, container.id):
        return
    now = engine.inspect(container.id)
    if now.pid != container.pid:
        raise stopped(container)
    if not (_is_in_sandbox(now) if os.path.exists(now.sandbox_key) else _started_with(now)):
        raise DockerRemote(
            f"process {now.pid} is not one of container {now.name}: the engine at {engine.url} is on another host",
            "run ovs-docker on that host",
        )


def _is_in_sandbox(container: Container) -> bool:
    try:
        return os.path.samefile(container.sandbox_key, f"/proc/{container.pid}/ns/net")
    except OSError:
        return False


def _started_with(container: Container) -> bool:
    """Compare the start of the process with that of its container, which engines note when the process is there."""
    from time import CLOCK_BOOTTIME, clock_gettime, time

    try:
        noted = _noted(container)
        with open(f"/proc/{container.pid}/stat") as stat:
            ticks = int(stat.read().rpartition(")")[2].split()[19])  # since the machine was started (proc(5))
    except (OSError, ValueError):
        return False
    started = time() - clock_gettime(CLOCK_BOOTTIME) + ticks / os.sysconf("SC_CLK_TCK")
    return _EARLIEST < started - noted < _LATEST


def _noted(container: Container) -> float:
    """Return when a container was started, in seconds since 1970; raise ValueError if the engine has not said."""
    from datetime import datetime, timezone

    return datetime.fromisoformat(container.started_at[:19]).replace(tzinfo=timezone.utc).timestamp()


def has_just_started(container: Container, seconds: float) -> bool:
    """Tell whether a container was started so recently that not all its processes need be there."""
    from time import time

    try:
        return -1 < time() - _noted(container) < seconds
    except ValueError:
        return False


def _on_host_network(container: Container) -> ContainerUnfit:
    return ContainerUnfit(
        f"container {container.name} is on the host's network: its interfaces would be the host's own",
        f"give it a network of its own, e.g. {container.command} run --network none",
    )


def _unseen(container: Container) -> ContainerUnfit:
    return ContainerUnfit(
        f"process {container.pid} of container {container.name} cannot be seen from here",
        "if ovs-docker itself runs in a container: docker run --pid=host",
    )
