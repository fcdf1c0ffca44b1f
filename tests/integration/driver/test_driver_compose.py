"""Compose: networks with the driver ovs, as a compose file names them."""

from pathlib import Path

import pytest

from tests.host import image
from tests.integration.support.commands import docker, run
from tests.integration.support.containers import Container
from tests.integration.support.driver import endpoints

FILE = f"""\
version: "2.4"
services:
  web: {{image: {image.NAME}, networks: {{lab: {{ipv4_address: 10.9.0.7}}}}}}
  db: {{image: {image.NAME}, networks: [lab]}}
networks:
  lab:
    driver: ovs
    driver_opts: {{ovs.mode: flat, ovs.mtu: "1400", ovs.vlan: "7"}}
    ipam: {{config: [{{subnet: 10.9.0.0/24}}]}}
"""


@pytest.mark.usefixtures("driver")
def test_a_project_goes_up_and_down(tmp_path: Path) -> None:
    path = tmp_path / "docker-compose.yml"
    path.write_text(FILE)
    compose = ("docker-compose", f"--file={path}", "--project-name=shop")
    run(*compose, "up", "-d", check=True)
    db = docker("ps", "--format={{.Names}}", "--filter=label=com.docker.compose.service=db")
    container = Container(db, db)
    assert container.pings("10.9.0.7")
    assert docker("exec", db, "ping", "-c1", "web")
    assert container.ip("link")[1]["mtu"] == 1400
    run(*compose, "down", check=True)
    assert endpoints() == []
    assert docker("network", "ls", "--quiet", "--filter=driver=ovs") == ""
