"""Completions as the shells compute them, with stubs for the programs that they ask.

The table that the stub of ovs-docker prints is made by the package itself. What has to be offered is in the tests.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ovs_docker.model.port import PortRow
from ovs_docker.model.record import Record
from ovs_docker.report.outcome import port_object
from ovs_docker.report.text import table
from tests.house.checkout import ROOT, program

Shell = Callable[..., list[str]]

BASH = ROOT / "completions/ovs-docker.bash"
ZSH = ROOT / "completions/_ovs-docker"
FISH = ROOT / "completions/ovs-docker.fish"

# bash splits at COMP_WORDBREAKS, of which only = and : stand in our words; a run of them is one word.
SPLIT = re.compile(r"[=:]+|[^\s=:]+")

BASH_COMPLETES = """
source "$0"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
_ovs_docker
printf '%s\\n' "${COMPREPLY[@]}"
"""

VSCTL = r"""#!/bin/sh
case "$*" in
    *--db[=\ ]unix:/other*list-br) echo br-other ;;
    *list-br) printf '%s\n' br-int br-ex ;;
    *) exit 1 ;;
esac
"""
DOCKER = r"""#!/bin/sh
case "$*" in
    '-H unix:///other ps --format {{.Names}}') echo other ;;
    'ps --format {{.Names}}') printf '%s\n' netsho1 netsho2 ;;
    'ps --format {{.Label "com.docker.compose.project"}}') printf '%s\n' lab '' lab web ;;
    *) exit 1 ;;
esac
"""
OVS_DOCKER = """#!/bin/sh
for last; do :; done
case "$last" in
    list-ports | br-int) cat {all} ;;
    --container=netsho1) cat {netsho1} ;;
    *) echo "ovs-docker: there is no bridge $last" >&2; exit 1 ;;
esac
"""


def port(container: str, interface: str) -> dict[str, Any]:
    """Return an attached port as the package describes it."""
    ids = {"container_id": container, "container_iface": interface, "ovs-docker-addresses": "10.0.0.1/8"}
    row = PortRow(
        "",
        "",
        "",
        "br-int",
        "br-int",
        "",
        f"{interface:0>13}_l",
        Record.read(ids),
        1,
        "",
        None,
        "",
        None,
        5,
        (),
        "",
        ({}, {}),
    )
    return port_object(row, "up", container)


PORTS = (port("netsho1", "eth0"), port("netsho1", "eth1"), port("netsho2", "eth2"))


def stubs(directory: Path) -> None:
    """Put programs into ``directory`` that tell of two bridges, two containers and three ports."""
    tables = {"all": list(PORTS), "netsho1": [found for found in PORTS if found["container_id"] == "netsho1"]}
    for name, ports in tables.items():
        (directory / name).write_text("\n".join(table(ports)) + "\n")
    listing = OVS_DOCKER.format(**{name: shlex.quote(str(directory / name)) for name in tables})
    for name, script in (("ovs-vsctl", VSCTL), ("docker", DOCKER), ("ovs-docker", listing)):
        (directory / name).write_text(script)
        (directory / name).chmod(0o755)


def bash(line: str, search: Path | None = None) -> list[str]:
    """Return what bash offers at the end of ``line``, sorted; programs in ``search`` go before all others."""
    words = SPLIT.findall(line) + [""] * line.endswith(" ")
    return _offered([program("bash"), "--norc", "--noprofile", "-c", BASH_COMPLETES, str(BASH), *words], search)


def fish(line: str, search: Path | None = None) -> list[str]:
    """Return what fish offers at the end of ``line``, sorted, without its descriptions."""
    script = f"set fish_complete_path; source {shlex.quote(str(FISH))}; complete -C {shlex.quote(line)}"
    offered = _offered([program("fish"), "--no-config", "-c", script], search)
    return sorted(candidate.partition("\t")[0] for candidate in offered)


def _offered(command: Sequence[str], search: Path | None) -> list[str]:
    path = f"{search}:{os.environ['PATH']}" if search else os.environ["PATH"]
    done = subprocess.run(
        command, check=True, env={**os.environ, "PATH": path}, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.stderr == ""
    return sorted(filter(None, done.stdout.splitlines()))
