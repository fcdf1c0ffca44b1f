"""Where add-ports takes its ports from: words, a YAML or JSON file, standard input, labels of containers."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.integration.conftest import ContainerFactory
from tests.integration.support import fleet
from tests.integration.support.commands import OURS, Result, ours
from tests.integration.support.fleet import LABEL

YAML = """\
# comments, defaults and bare MACs are what YAML is for
defaults: {bridge: br-int, interface: eth0, mtu: 1400}
ports:
  - container: c1
    ipaddress: 10.0.0.1/24
    macaddress: 02:00:00:00:00:01
  - container: c2
    ipaddress: [10.0.0.2/24, '2001:db8::2/64']
    external-id: {tenant: blue}
    vlan: 5
"""
BLUE, GREEN = ("--label=com.docker.compose.project=" + name for name in ("blue", "green"))


def test_words_count_the_addresses_up_and_step_over_the_gateway(bridge: str) -> None:
    names = fleet.names(fleet.started(3))
    ours("add-ports", bridge, "eth0", *names, "--ipaddress=10.0.0.1/24", "--gateway=10.0.0.2", check=True)
    assert fleet.attached() == {"c1/eth0": ["10.0.0.1/24"], "c2/eth0": ["10.0.0.3/24"], "c3/eth0": ["10.0.0.4/24"]}


def test_a_network_too_small_is_an_error_before_anything_is_touched(bridge: str) -> None:
    names = fleet.names(fleet.started(3))
    before = fleet.picture()
    result = ours("add-ports", bridge, "eth0", *names, "--ipaddress=10.0.0.1/30")
    assert (result.code, fleet.picture()) == (1, before)
    assert "--ipaddress=10.0.0.1/30: has too few addresses for 3 containers" in result.err


def test_a_yaml_file_has_defaults_lists_and_mappings(bridge: str, tmp_path: Path) -> None:
    fleet.started(2)
    (tmp_path / "ports.yaml").write_text(YAML)
    ours("add-ports", f"--file={tmp_path / 'ports.yaml'}", check=True)
    listed = json.loads(ours("--format=json", "list-ports").out)["data"]
    assert [(port["addresses"], port["mtu"], port["tag"]) for port in listed] == [
        (["10.0.0.1/24"], 1400, None),
        (["10.0.0.2/24", "2001:db8::2/64"], 1400, 5),
    ]
    assert listed[0]["mac"] == "02:00:00:00:00:01"
    assert "tenant=blue" in str(fleet.rows())


@pytest.mark.parametrize("text", [YAML, json.dumps({"ports": [fleet.port("c1", 1), fleet.port("c2", 2)]}, indent="\t")])
def test_standard_input_is_a_file(bridge: str, text: str) -> None:
    fleet.started(2)
    subprocess.run([OURS, "add-ports", "--file=-"], input=text, text=True, check=True)
    assert list(fleet.attached()) == ["c1/eth0", "c2/eth0"]


def test_an_error_in_a_file_has_line_and_key_and_nothing_is_touched(bridge: str, tmp_path: Path) -> None:
    fleet.started(2)
    before = fleet.picture()
    (tmp_path / "ports.yaml").write_text(YAML.replace("vlan: 5", "vlan: 5000"))
    result = ours("add-ports", f"--file={tmp_path / 'ports.yaml'}")
    assert (result.code, fleet.picture()) == (1, before)
    assert f"{tmp_path}/ports.yaml:10: ports[1] (container c2): vlan=5000" in result.err


def test_labels_of_running_containers_are_wishes(bridge: str, container: ContainerFactory) -> None:
    container("c1", LABEL.format(1), "--label=ovs-docker.eth1=bridge=br-int vlan=7")
    container("c2", LABEL.format(2))
    container("c3", LABEL.format(3)).stop()
    container("c4", "--label=ovs-docked.eth0=bridge=br-int")
    ours("add-ports", "--labels", check=True)
    assert fleet.attached() == {"c1/eth0": ["10.0.0.1/24"], "c1/eth1": [], "c2/eth0": ["10.0.0.2/24"]}


def test_project_limits_labels_to_one_compose_project(bridge: str, container: ContainerFactory) -> None:
    container("c1", LABEL.format(1), BLUE)
    container("c2", LABEL.format(2), GREEN)
    ours("add-ports", "--labels", "--project=blue", check=True)
    assert list(fleet.attached()) == ["c1/eth0"]


def test_labels_that_ask_for_nothing_are_warned_of(bridge: str, container: ContainerFactory) -> None:
    container("c1", BLUE, "--label=ovsdocker.eth0=bridge=br-int ipaddress=10.0.0.1/24")
    calls = [ours("add-ports", "--labels", *more) for more in ((), ("--project=nosuch",), ("--quiet",))]
    none = "ovs-docker: no running container{} has a label ovs-docker.INTERFACE\n"
    misspelt = "ovs-docker: container c1: label ovsdocker.eth0 asks for nothing: write ovs-docker.INTERFACE\n"
    assert calls == [
        Result(0, "", misspelt + none.format("")),
        Result(0, "", none.format(" of project nosuch")),
        Result(0, "", ""),
    ]
    assert ours("sync", "--labels") == Result(0, "", misspelt)


def test_a_label_that_cannot_be_is_named_with_its_container(bridge: str, container: ContainerFactory) -> None:
    container("c1", LABEL.format(1))
    container("c2", "--label=ovs-docker.eth0=bridge=br-int vlan=x")
    before = fleet.picture()
    result = ours("add-ports", "--labels")
    assert (result.code, fleet.picture()) == (1, before)
    assert "container c2, label ovs-docker.eth0: --vlan=x" in result.err


def test_the_schema_is_printed_without_docker_and_open_vswitch() -> None:
    nowhere = ("--db=unix:/nowhere", "--docker-host=unix:///nowhere")
    schema = json.loads(ours(*nowhere, "add-ports", "--print-schema", check=True).out)
    assert {"bridge", "interface", "container", "ipaddress"} <= set(schema["$defs"]["port"]["properties"])
