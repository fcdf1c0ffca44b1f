"""Compose: labels in the compose file, `docker-compose up`, and one add-ports for the whole project."""

from pathlib import Path

import pytest

from tests.host import image
from tests.integration import fleet
from tests.integration.commands import ours, ovs, run
from tests.integration.containers import Container

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


def test_the_projects_labels_attach_it_and_it_talks(project: Path) -> None:
    stranger = Container("stranger", "stranger")
    run("docker", "run", "-d", "--name=stranger", "--network=none", "--label=ovs-docker.eth0=bridge=br-int", image.NAME)
    ours("add-ports", "--labels", "--project=shop", check=True)
    assert fleet.attached() == {
        "shop_db_1/eth0": ["10.244.1.4/16"],
        "shop_db_1/eth1": [],
        "shop_web_1/eth0": ["10.244.1.3/16"],
    }
    assert Container("shop_web_1", "shop_web_1").pings("10.244.1.4")
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
