"""The completions know the grammar's verbs, options and values. What is looked up is in tests/integration/packaging."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ovs_docker.cli.grammar import BY_NAME, GLOBALS, HELP, VERBS, VERSION, Verb
from ovs_docker.parse.options import Option
from tests.house.checkout import program, text
from tests.house.completion import BASH, FISH, ZSH, Shell, bash, fish, fish_describes, zsh, zsh_describes

SHELLS = pytest.mark.parametrize("shell", [bash, zsh, fish], ids=["bash", "zsh", "fish"])
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
VERB_NAMES = sorted(verb.name for verb in VERBS)

# bash is told what follows the = only, the others the whole word.
VALUES = {
    "--format ": ["json", "table"],
    "-f j": ["json"],
    "--format=": ["json", "table"],
    "--format=j": ["json"],
    "--db=": ["ssl:", "tcp:", "unix:"],
    "-H ": ["tcp://", "unix://"],
    "add-port --datapath-type n": ["netdev"],
    "add-port --datapath-type=": ["netdev", "system"],
    "set-vlan br-int eth1 netsho1 ": ["none"],
    "set-trunk br-int eth1 --dry-run netsho1 ": ["none"],
    "add-port br-int ": [],
    "add-port br-int eth0 netsho1 ": [],
    "add-ports br-int ": [],
    "add-port --mtu ": [],
    "sync ": [],
    "watch ": [],
    "frob ": [],
    "--frob ": [],
}


def offered(options: tuple[Option, ...], equals: str) -> list[str]:
    """Return options as a shell offers them; ``equals`` is what it puts behind those that take a value."""
    long = [f"--{option.name}" + (equals if option.metavar else "") for option in options]
    return sorted(long + [f"-{option.short}" for option in options if option.short])


@SHELLS
def test_the_verbs_are_offered(shell: Shell) -> None:
    assert shell("ovs-docker ") == VERB_NAMES
    assert shell("ovs-docker del") == ["del-port", "del-ports"]
    assert shell("ovs-docker --dry-run --db unix:/x -t 5 ") == VERB_NAMES


@SHELLS
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_options_of_a_verb_are_offered(verb: Verb, shell: Shell) -> None:
    options = offered((*GLOBALS, HELP, *verb.options), "" if shell is fish else "=")
    assert shell(f"ovs-docker {verb.name} -") == options


@SHELLS
def test_the_global_options_are_offered_before_the_verb(shell: Shell) -> None:
    assert shell("ovs-docker -") == offered((*GLOBALS, VERSION, HELP), "" if shell is fish else "=")


@SHELLS
@pytest.mark.parametrize("line", VALUES)
def test_values_are_offered(line: str, shell: Shell) -> None:
    word = f"{line.split()[-1].partition('=')[0]}="
    assert [candidate.removeprefix(word) for candidate in shell(f"ovs-docker {line}")] == VALUES[line]


@SHELLS
def test_nothing_is_offered_and_nothing_said_where_the_programs_fail(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("add-port ", "add-port br-int eth0 ", "del-port br-int ", "list-ports --container ", "sync --project ")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    monkeypatch.setenv("OVS_RUNDIR", "/nonexistent")
    assert [shell(f"ovs-docker {line}") for line in lines] == [[]] * len(lines)
    (tmp_path / "ovs-docker").write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    (tmp_path / "ovs-docker").chmod(0o755)
    assert [shell(f"ovs-docker {line}", tmp_path) for line in lines] == [[]] * len(lines)


@SHELLS
def test_the_paths_of_sockets_and_keys_are_offered(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "db.sock").touch()
    path = f"{tmp_path}/db.sock"
    before = {
        "--db=unix:": "",
        "--nb-db unix:": "",
        "--docker-host=unix://": "//",
        "--private-key=": "",
        "-p ": "",
        "add-ports --file=": "",
        "sync --file ": "",
    }
    found = {start: [shell(f"ovs-docker {start}{tmp_path}/{more}") for more in ("", "db")] for start in before}
    whole = {start: f"{start.split(' ')[-1]}{path}" for start in before}
    assert found == {start: [[f"{before[start]}{path}" if shell is bash else whole[start]]] * 2 for start in before}


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_is_well_formed(shell: str) -> None:
    done = subprocess.run([program(shell), "-n", str(SCRIPTS[shell])], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_fish_always_looks_where_readme_puts_its_completions() -> None:
    (place,) = re.findall(r"`(/etc/fish/completions)/`", text("README.md"))
    bare = {name: value for name, value in os.environ.items() if name != "XDG_DATA_DIRS"}
    done = subprocess.run(
        [program("fish"), "-c", "string join \\n $fish_complete_path"], env=bare, capture_output=True, text=True
    )
    assert place in done.stdout.splitlines()


@pytest.mark.parametrize("describes", [fish_describes, zsh_describes], ids=["fish", "zsh"])
def test_fish_and_zsh_are_told_what_verbs_and_options_do(describes: Callable[[str], list[tuple[str, str]]]) -> None:
    dry_run = next(option for option in GLOBALS if option.name == "dry-run")
    assert describes("ovs-docker --dry") == [("--dry-run", dry_run.help)]
    assert describes("ovs-docker chec") == [("check", BY_NAME["check"].help)]


def test_bash_quotes_names_that_others_have_chosen(tmp_path: Path) -> None:
    (tmp_path / "ovs-docker").write_text("#!/bin/sh\necho 'x;touch${IFS}y `id`'\n")
    (tmp_path / "ovs-docker").chmod(0o755)
    assert bash("ovs-docker list-ports x", tmp_path) == [r"x\;touch\$\{IFS\}y\ \`id\`"]
