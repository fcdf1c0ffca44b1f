"""Several containers at once, what is attached to them, and files that ask for their ports.

One container by itself is containers.py's.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import if_nameindex
from typing import Any

from tests.integration.support import containers
from tests.integration.support.commands import docker, ours, ovs, run
from tests.integration.support.containers import Container
from tests.integration.support.snapshot import Picture, snapshot

SOAK = int(os.environ.get("OVS_DOCKER_SOAK", "1"))
"""How many times as long tests with many rounds take: tox -e soak sets it."""

LABEL = "--label=ovs-docker.eth0=bridge=br-int ipaddress=10.0.0.{}/24"
"""The option of docker run that asks for eth0, for a number to be filled in."""

Ports = dict[str, Any]


def started(count: int, *options: str) -> list[Container]:
    """Start the containers c1 to c``count``, side by side."""
    names = [f"c{number}" for number in range(1, count + 1)]
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda name: containers.create(name, *options), names))


def names(fleet: Iterable[Container]) -> list[str]:
    """Return their names, in order."""
    return [container.name for container in fleet]


def restart(fleet: Sequence[Container]) -> None:
    """Restart all of them with one command."""
    docker("restart", "--time=2", *names(fleet))


def lose_row(name: str) -> None:
    """Leave of a port what an add-port leaves that is killed before its transaction: a pair that was never recorded."""
    group = int(json.loads(run("ip", "-json", "link", "show", name, check=True).out)[0]["group"])
    ovs("del-port", name)
    run("ip", "link", "set", name, "group", str(group ^ 0x30000000), check=True)


def port(container: str, number: int, **options: object) -> dict[str, object]:
    """Return one entry of a file: eth0 on br-int with address and MAC number ``number``."""
    fixed = {"ipaddress": f"10.0.0.{number}/24", "macaddress": f"02:00:00:00:00:{number:02x}"}
    return {"bridge": "br-int", "interface": "eth0", "container": container, **fixed, **options}


def ports_file(directory: Path, ports: Iterable[dict[str, object]]) -> str:
    """Write a file for add-ports (JSON) and return its name."""
    path = directory / "ports.json"
    path.write_text(json.dumps({"ports": list(ports)}))
    return str(path)


def file_for(directory: Path, fleet: Iterable[Container]) -> str:
    """Write a file that asks for eth0 of every container, numbered from 1."""
    return ports_file(directory, [port(each.name, number) for number, each in enumerate(fleet, 1)])


def attached() -> Ports:
    """Return what is attached and up, by container/interface: its addresses; anything else by its state."""
    listed = json.loads(ours("--format=json", "list-ports", check=True).out)["data"]
    return {f"{each['container_name']}/{each['interface']}": _told(each) for each in listed}


def _told(entry: Ports) -> Any:
    return entry["addresses"] if entry["state"] == "up" else entry["state"]


def rows() -> dict[str, Any]:
    """Return the host ends on br-int with their OpenFlow number, VLAN and record, by name."""
    return {name: _row(name) for name in sorted(ovs("list-ports", "br-int").split())}


def _row(name: str) -> Any:
    columns = ("get", "interface", name, "ofport", "external_ids", "--", "get", "port", name, "tag", "trunks")
    return ovs(*columns).splitlines()


def links_are_gone(*names: str) -> None:
    """Wait until the kernel has cleared away the host ends of containers that were stopped: it takes its time."""
    ends = [name for name, row in rows().items() if any(f"container_id={each}," in str(row) for each in names)]
    wait_until(lambda: not {name for _, name in if_nameindex()} & set(ends))


def wait_until(condition: Callable[[], bool], seconds: float = 20.0, pause: float = 0.02) -> None:
    """Wait for something that must become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(pause)


def picture() -> Picture:
    """Read the snapshot without row ids: a row that was taken out and put back has another one."""
    found = snapshot()
    for table in ("bridge", "port", "interface"):
        for row in found[table].values():
            del row["_uuid"]
    return found
