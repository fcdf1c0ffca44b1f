"""The completions know the grammar's verbs and options, and look up what is there."""

import subprocess
from pathlib import Path

import pytest

from ovs_docker.cli.grammar import GLOBALS, VERBS, Verb
from ovs_docker.parse.options import Option
from tests.house.checkout import ALWAYS, EVERY_OPTION, names_word, program
from tests.house.completion import BASH, FISH, ZSH, Shell, bash, fish, stubs

SHELLS = pytest.mark.parametrize("shell", [bash, fish], ids=["bash", "fish"])
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
VERB_NAMES = sorted(verb.name for verb in VERBS)

LOOK_UPS = {
    "add-port ": ["br-ex", "br-int"],
    "add-port br-i": ["br-int"],
    "add-port br-int ": [],
    "add-port br-int eth0 ": ["netsho1", "netsho2"],
    "add-port --ipaddress 10.0.0.1/8 br-int eth0 ": ["netsho1", "netsho2"],
    "add-port --macaddress=02:00:00:00:01:03 br-int eth0 ": ["netsho1", "netsho2"],
    "add-port br-int eth0 netsho1 ": [],
    "add-ports ": ["br-ex", "br-int"],
    "add-ports br-int ": [],
    "add-ports br-int eth0 ": ["netsho1", "netsho2"],
    "add-ports --file x br-int eth0 netsho1 --mtu=1400 ": ["netsho2"],
    "add-ports br-int eth0 netsho1 netsho2 ": [],
    "add-ports --labels --project l": ["lab"],
    "sync --project ": ["lab", "web"],
    "sync ": [],
    "watch ": [],
    "del-port ": ["br-ex", "br-int"],
    "del-port br-int ": ["eth0", "eth1", "eth2"],
    "del-port br-int eth2 ": ["netsho2"],
    "--dry-run -t 5 del-port --if-exists br-int eth2 ": ["netsho2"],
    "del-port br-none ": [],
    "set-vlan br-int ": ["eth0", "eth1", "eth2"],
    "set-vlan br-int eth1 ": ["netsho1"],
    "set-vlan br-int eth1 netsho1 ": ["none"],
    "set-trunk br-int eth2 ": ["netsho2"],
    "set-trunk br-int eth1 netsho1 ": ["none"],
    "get-port br-int eth0 ": ["netsho1"],
    "get-port netsho1 ": ["eth0", "eth1"],
    "list-ports ": ["br-ex", "br-int"],
    "--db=unix:/other add-port ": ["br-other"],
    "-H unix:///other add-port br-int eth0 ": ["other"],
    "--docker-host=unix:///other add-port br-int eth0 ": ["other"],
    "--format ": ["json", "table"],
    "-f j": ["json"],
    "add-port --datapath-type n": ["netdev"],
    "list-ports --container netsho2": ["netsho2"],
}

# bash is told what follows the = only, fish the whole word.
VALUES = {
    "--format=": ["json", "table"],
    "--format=j": ["json"],
    "--db=": ["ssl:", "tcp:", "unix:"],
    "add-port --datapath-type=": ["netdev", "system"],
    "list-ports --container=netsho2": ["netsho2"],
    "watch --labels --project=": ["lab", "web"],
}


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """Return a directory with programs that tell of bridges, containers and ports."""
    stubs(tmp_path)
    return tmp_path


def offered(options: tuple[Option, ...], equals: str) -> list[str]:
    """Return options as a shell offers them; ``equals`` is what it puts behind those that take a value."""
    long = [f"--{option.name}" + (equals if option.metavar else "") for option in options]
    return sorted(long + [f"-{option.short}" for option in options if option.short])


@SHELLS
def test_the_verbs_are_offered(shell: Shell) -> None:
    assert shell("ovs-docker ") == VERB_NAMES
    assert shell("ovs-docker del") == ["del-port", "del-ports"]
    assert shell("ovs-docker --dry-run --db unix:/x -t 5 ") == VERB_NAMES


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_bash_offers_the_options_of_a_verb(verb: Verb) -> None:
    assert bash(f"ovs-docker {verb.name} -") == offered((*GLOBALS, ALWAYS[1], *verb.options), "=")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_fish_offers_the_options_of_a_verb(verb: Verb) -> None:
    assert fish(f"ovs-docker {verb.name} -") == offered((*GLOBALS, ALWAYS[1], *verb.options), "")


@SHELLS
def test_the_global_options_are_offered_before_the_verb(shell: Shell) -> None:
    assert shell("ovs-docker -") == offered((*GLOBALS, *ALWAYS), "=" if shell is bash else "")


@SHELLS
@pytest.mark.parametrize("line", LOOK_UPS)
def test_what_is_there_is_offered(line: str, shell: Shell, there: Path) -> None:
    assert shell(f"ovs-docker {line}", there) == LOOK_UPS[line]


@SHELLS
def test_the_first_word_of_get_port_is_a_bridge_or_a_container(shell: Shell, there: Path) -> None:
    assert sorted(set(shell("ovs-docker get-port ", there))) == ["br-ex", "br-int", "netsho1", "netsho2"]


@SHELLS
@pytest.mark.parametrize("line", VALUES)
def test_values_behind_an_equals_sign_are_offered(line: str, shell: Shell, there: Path) -> None:
    word = line.split()[-1].partition("=")[0]
    found = [candidate.removeprefix(f"{word}=") for candidate in shell(f"ovs-docker {line}", there)]
    assert found == VALUES[line]


@SHELLS
def test_nothing_is_offered_and_nothing_said_where_the_programs_fail(shell: Shell, tmp_path: Path) -> None:
    for name in ("ovs-vsctl", "docker", "ovs-docker"):
        (tmp_path / name).write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    lines = ("add-port ", "add-port br-int eth0 ", "del-port br-int ", "list-ports --container ")
    assert [shell(f"ovs-docker {line}", tmp_path) for line in lines] == [[]] * len(lines)


def test_bash_offers_the_paths_of_sockets_and_keys(tmp_path: Path) -> None:
    (tmp_path / "db.sock").touch()
    assert bash(f"ovs-docker --db=unix:{tmp_path}/") == [f"{tmp_path}/db.sock"]
    assert bash(f"ovs-docker --docker-host=unix://{tmp_path}/") == [f"//{tmp_path}/db.sock"]
    assert bash(f"ovs-docker --private-key={tmp_path}/") == [f"{tmp_path}/db.sock"]
    assert bash(f"ovs-docker -p {tmp_path}/") == [f"{tmp_path}/db.sock"]
    assert bash(f"ovs-docker add-ports --file={tmp_path}/") == [f"{tmp_path}/db.sock"]


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_is_well_formed(shell: str) -> None:
    done = subprocess.run([program(shell), "-n", str(SCRIPTS[shell])], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_zsh_names_every_verb_and_option() -> None:
    script = ZSH.read_text()
    wanted = [*VERB_NAMES, *(f"--{option.name}" for option in EVERY_OPTION)]
    wanted += [f"-{option.short}" for option in EVERY_OPTION if option.short]
    assert [word for word in wanted if not names_word(word, script)] == []
