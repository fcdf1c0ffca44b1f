"""Compose: labels in the compose file, `docker-compose up`, and one add-ports for the whole project.

Or nobody's add-ports: the documents' service, which watches.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import image, services
from tests.integration.conftest import ContainerFactory
from tests.integration.support import documents, fleet, tool_image
from tests.integration.support.commands import docker, ours, ovs, run
from tests.integration.support.containers import Container

FILE = f"""\
version: "2.4"
services:
  web:
    image: {image.NAME}
    network_mode: none
    labels: {{ovs-docker.eth0: bridge=br-int ipaddress=10.244.1.3/16 vlan=5}}
  db:
    image: {image.NAME}
    network_mode: none
    labels:
      ovs-docker.eth0: bridge=br-int ipaddress=10.244.1.4/16 vlan=5
      ovs-docker.eth1: bridge=br-int mtu=1400
  other:
    image: {image.NAME}
    network_mode: none
"""


@pytest.fixture
def project(bridge: str, tmp_path: Path) -> Path:
    """Return a compose file whose project `shop` is up."""
    path = tmp_path / "docker-compose.yml"
    path.write_text(FILE)
    compose(path, "up", "-d")
    return path


def compose(path: Path, *words: str) -> None:
    """Run the real docker-compose for the project `shop`."""
    run("docker-compose", f"--file={path}", "--project-name=shop", *words, check=True)


def name_of(project: str, service: str) -> str:
    """Return its container's name: compose 2 has a - where compose 1 has a _."""
    labels = {"project": project, "service": service}
    filters = [f"--filter=label=com.docker.compose.{key}={value}" for key, value in labels.items()]
    return docker("ps", "--format={{.Names}}", *filters)


def test_the_projects_labels_attach_it_and_it_talks(project: Path) -> None:
    stranger = Container("stranger", "stranger")
    run("docker", "run", "-d", "--name=stranger", "--network=none", "--label=ovs-docker.eth0=bridge=br-int", image.NAME)
    ours("add-ports", "--labels", "--project=shop", check=True)
    web, db = (name_of("shop", service) for service in ("web", "db"))
    assert fleet.attached() == {
        f"{db}/eth0": ["10.244.1.4/16"],
        f"{db}/eth1": [],
        f"{web}/eth0": ["10.244.1.3/16"],
    }
    assert Container(web, web).pings("10.244.1.4")
    assert [link["ifname"] for link in stranger.ip("link")] == ["lo"]


def test_up_again_and_add_ports_again_attach_what_was_recreated(project: Path) -> None:
    words = ("add-ports", "--labels", "--project=shop", "--may-exist")
    ours(*words, check=True)
    before = fleet.attached()
    project.write_text(FILE.replace("vlan=5", "vlan=6"))
    compose(project, "up", "-d")
    ours("sync", check=True)
    ours(*words, check=True)
    tags = {ovs("get", "port", name, "tag") for name, row in fleet.rows().items() if "10.244" in str(row)}
    assert (fleet.attached(), tags) == (before, {"6"})


def test_down_and_sync_leave_no_port(project: Path) -> None:
    ours("add-ports", "--labels", "--project=shop", check=True)
    compose(project, "down", "--timeout=2")
    ours("sync", check=True)
    assert fleet.rows() == {}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Container]:
    """Return the container of the documents' service, built and started by docker-compose, once it watches."""
    tool_image.load()  # for the image that its Dockerfile begins with
    path = tmp_path / "docker-compose.yml"
    path.write_text(documents.block("yaml", "command: watch"))
    words = ("docker-compose", f"--file={path}", f"--project-directory={tool_image.ROOT}", "--project-name=watch")
    run(*words, "up", "--build", "--detach", env={"DOCKER_BUILDKIT": "0"}, check=True)
    name = name_of("watch", "ovs-docker")
    watch = Container(name, docker("inspect", "--format={{.Id}}", name))
    fleet.wait_until(lambda: "watching" in docker("logs", watch.id))
    yield watch
    run(*words, "down", "--timeout=5", check=True)


def test_the_service_of_the_documents_attaches_what_comes_up(service: Container, bridge: str, project: Path) -> None:
    fleet.wait_until(lambda: len(fleet.attached()) == 3)
    db = Container(name_of("shop", "db"), name_of("shop", "db"))
    assert db.pings("10.244.1.3")
    db.restart()
    fleet.wait_until(lambda: "restored port" in docker("logs", service.id))
    assert (fleet.attached()[f"{db.name}/eth0"], db.pings("10.244.1.3")) == (["10.244.1.4/16"], True)


def test_the_service_outlives_open_vswitch_and_is_started_again_when_it_dies(
    service: Container, bridge: str, container: ContainerFactory
) -> None:
    services.ovsdb().restart()
    fleet.wait_until(lambda: "Open vSwitch is back" in docker("logs", service.id))
    first = service.pid
    os.kill(first, signal.SIGKILL)
    fleet.wait_until(lambda: service.pid not in (0, first))
    container("c1", "--label=ovs-docker.eth0=bridge=br-int ipaddress=10.0.0.1/24")
    fleet.wait_until(lambda: fleet.attached() == {"c1/eth0": ["10.0.0.1/24"]})
