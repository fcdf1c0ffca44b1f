"""What a call imports: the time of one add-port is mostly that (see CONTRIBUTING.md).

Each call runs in a process of its own, fails for want of a database or an engine, and tells what it loaded.
"""

import os
import subprocess
import sys

import pytest

from tests.unit.sources_of_the_package import ROOT

CALL = """
import sys
before = set(sys.modules)
from ovs_docker import cli
status = cli.main(["ovs-docker", *sys.argv[1:]])
{then}
print("--", status, *sorted(set(sys.modules) - before), sep="\\n")
"""
# What add-port loads after the engine has answered.
GOES_ON = (
    "from ovs_docker.backends.kernel import netlink; netlink.load(); "
    "from ovs_docker.apply import runner; from ovs_docker.plan import attach; from ovs_docker.resolve import facts"
)

# Each costs more than 3 ms, or does not belong into a process of its kind.
HEAVY = {
    *("click", "docker", "netaddr", "ovs", "pyroute2", "requests", "urllib3"),
    *("argparse", "asyncio", "dataclasses", "email", "hashlib", "http", "inspect", "ipaddress", "pathlib", "random"),
    *("multiprocessing", "platform", "ssl", "subprocess", "tempfile", "urllib", "uuid", "zipfile"),
}
# pyroute2 loads logging, and that traceback, which in Python 3.14 loads these for the colours of a terminal.
BY_PYTHON = {"dataclasses", "inspect"} if sys.version_info >= (3, 14) else set()
PLACE = ["br-int", "eth0", "c1"]


def loaded(*args: str, then: str = "") -> tuple[int, set[str]]:
    """Run a call; return its exit status and the modules it loaded."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT.parent),
        "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        "OVS_RUNDIR": "/nonexistent",
    }
    done = subprocess.run(
        [sys.executable, "-c", CALL.format(then=then), *args], env=environment, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    status, *modules = done.stdout.rpartition("--\n")[2].split()
    return int(status), set(modules)


def ours(modules: set[str]) -> set[str]:
    return {module.removeprefix("ovs_docker.") for module in modules if module.startswith("ovs_docker.")}


def test_help_loads_words_and_help_only() -> None:
    status, modules = loaded("--help")
    assert (status, ours(modules)) == (
        0,
        {"cli", "cli.grammar", "cli.help", "cli.words", "errors", "parse", "parse.options", "signals"},
    )


@pytest.mark.parametrize("args", [["--version"], ["complete", "add-p"], ["complete", "add-port", "--m"]], ids=" ".join)
def test_neither_the_version_nor_a_verb_or_option_to_complete_loads_more(args: list[str]) -> None:
    status, modules = loaded(*args)
    words = {"cli", "cli.grammar", "cli.words", "errors", "parse", "parse.options", "signals"}
    assert (status, ours(modules)) == (0, words | ({"cli.complete"} if "complete" in args else set()))


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["complete", "add-port", "--m"]], ids=" ".join)
def test_help_the_version_and_completions_load_nothing_heavy(args: list[str]) -> None:
    assert loaded(*args)[1] & (HEAVY | {"json", "socket", "logging"}) == set()


@pytest.mark.parametrize(
    "args", [["add-port", ""], ["add-port", "br-int", "eth0", ""], ["del-port", "br-int", ""]], ids=str
)
def test_looking_up_what_is_there_loads_nothing_heavy(args: list[str]) -> None:
    status, modules = loaded("complete", *args)
    assert (status, modules & HEAVY) == (0, set())


@pytest.mark.parametrize("options", [[], ["--ipaddress=10.0.0.2/24", "--gateway=10.0.0.1", "--mtu=1400", "--vlan=5"]])
def test_add_port_loads_nothing_heavy(options: list[str]) -> None:
    status, modules = loaded("add-port", *PLACE, *options, "--macaddress=02:00:00:00:01:03", then=GOES_ON)
    assert (status, modules & HEAVY - {"ipaddress"} - BY_PYTHON) == (1, set())


# By package; what only a verb, an option or a kind of connection needs is not among them.
EVERY_CALL = {
    "": "cli deadline errors signals world model parse report resolve plan apply verbs backends",
    "cli.": "commands grammar words",
    "model.": "container names port record",
    "parse.": "options",
    "report.": "outcome text",
    "resolve.": "rows",
    "apply.": "runner takeover",
    "backends.": "kernel kernel.host_side kernel.nic vswitch vswitch.switch vswitch.vswitchd",
    "backends.ovsdb": " .answers .channels .operations .port_operations .session",
}
ADD_PORT = {
    "": "locks",
    "model.": "addresses wire",
    "parse.": "hops readers recorded spec vlans",
    "resolve.": "bridges facts interfaces",
    "plan.": "attach wires",
    "apply.": "inside pairs ports",
    "verbs.": "attach each",
    "backends.engine": " .docker .endpoint .find .http .kinds .process",
    "backends.": "kernel.dumps kernel.netlink kernel.netns kernel.rtnl ovsdb.bridge_operations",
}
A_CHANGE = {"resolve.": "ports", "plan.": "change", "apply.": "changes", "verbs.": "change"}
VLANS = {"parse.": "vlans"}


def modules_of(*parts: dict[str, str]) -> set[str]:
    return {package + name for part in parts for package, names in part.items() for name in names.split(" ")}


def test_add_port_loads_these_modules_of_ours() -> None:
    assert ours(loaded("add-port", *PLACE, then=GOES_ON)[1]) == modules_of(EVERY_CALL, ADD_PORT)


def test_add_port_takes_pyroute2s_message_classes_and_no_more() -> None:
    modules = loaded("add-port", *PLACE, then=GOES_ON)[1]
    found = {module for module in modules if module.startswith("pyroute2.")}
    allowed = ("pyroute2.common", "pyroute2.config", "pyroute2.netlink")
    assert {module for module in found if not module.startswith(allowed)} == set()
    assert "pyroute2.netlink.rtnl.ifinfmsg" in found


def test_before_the_engine_is_asked_pyroute2_is_not_loaded() -> None:
    assert {module for module in loaded("add-port", *PLACE)[1] if module.startswith("pyroute2")} == set()


@pytest.mark.parametrize(
    ("args", "more"),
    [(["set-vlan", *PLACE, "5"], VLANS), (["del-port", *PLACE], {}), (["set-trunk", *PLACE, "5"], VLANS)],
    ids=["set-vlan", "del-port", "set-trunk"],
)
def test_a_change_loads_these_modules_of_ours_and_neither_pyroute2_nor_docker(
    args: list[str], more: dict[str, str]
) -> None:
    status, modules = loaded(*args)
    unwanted = {module for module in modules if module.startswith("pyroute2")} | (modules & HEAVY)
    assert (status, unwanted, ours(modules)) == (1, set(), modules_of(EVERY_CALL, A_CHANGE, more))


@pytest.mark.parametrize(
    "args", [["-qt", "5", "list-ports"], ["get-port", *PLACE], ["del-ports", "br-int", "c1"]], ids=str
)
def test_no_call_loads_click(args: list[str]) -> None:
    assert "click" not in loaded(*args)[1]


def test_importing_pyroute2_afterwards_gives_the_real_one() -> None:
    """Whoever uses the package as a library may need all of pyroute2."""
    then = f"{GOES_ON}; import pyroute2; assert pyroute2.IPRoute, pyroute2"
    assert "pyroute2.iproute" in loaded("add-port", *PLACE, then=then)[1]
