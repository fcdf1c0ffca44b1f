"""The one door where errors are caught: exit status and lines, in this process, with nothing to talk to."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ovs_docker import __version__, cli
from ovs_docker.cli.grammar import BY_NAME, NO_VERB, VERBS
from ovs_docker.cli.help import page
from tests.unit.sources_of_the_package import ROOT

pytestmark = pytest.mark.usefixtures("listening", "nobody_there")

PLACE = ["br-int", "eth0", "c1"]
NOT_ENOUGH = "not enough arguments (use --help for help)"
NEEDS = "{} needs a value, e.g. --{}"
FILE_IS_OF = "--file is an option of add-ports, del-ports, sync"


class Ran(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    monkeypatch.setenv("OVS_RUNDIR", "/nonexistent")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*args: str, program: str = "/usr/bin/ovs-docker") -> Ran:
        return Ran(cli.main([program, *args]), *capsys.readouterr())

    return call


@pytest.mark.parametrize("args", [[], ["-h"], ["--help"]])
def test_no_arguments_and_help_print_the_usage(run: Run, args: list[str]) -> None:
    assert run(*args) == Ran(0, page("ovs-docker", NO_VERB), "")


@pytest.mark.parametrize("args", [["del-port"], ["del-ports", "br-int"], ["set-vlan", *PLACE], ["del-port", "a", "b"]])
def test_too_few_words_print_the_usage_on_stdout_and_fail(run: Run, args: list[str]) -> None:
    status, out, err = run(*args)
    assert (status, out) == (1, page("ovs-docker", NO_VERB))
    form = next(verb.form for verb in VERBS if verb.name == args[0])
    assert (err.splitlines()[1:], err.endswith(f" missing: {form}\n")) == ([], True)


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (["add_port"], ['unknown command "add_port" (use --help for help)', "did you mean add-port?"]),
        (["help", "ad-port"], ['unknown command "ad-port" (use --help for help)', "did you mean add-port?"]),
        (["frobnicate"], ['unknown command "frobnicate" (use --help for help)']),
        (
            ["--mtu=1400", "add-port"],
            [
                'unknown command "--mtu=1400" (use --help for help)',
                "--mtu is an option of add-port, add-ports, driver, and stands after it",
            ],
        ),
        (["--timeout"], ['unknown command "--timeout" (use --help for help)', NEEDS.format("--timeout", "timeout=5")]),
    ],
)
def test_what_to_write_instead_follows_the_scripts_own_words(run: Run, args: list[str], lines: list[str]) -> None:
    assert run(*args) == Ran(1, "", "".join(f"ovs-docker: {line}\n" for line in lines))


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (
            ["add-port", *PLACE, "--ipadress=10.0.0.1/24"],
            ['unknown option "--ipadress=10.0.0.1/24"', "did you mean --ipaddress?"],
        ),
        (
            ["add-port", *PLACE, "--ip=10.0.0.1/24"],
            ['unknown option "--ip=10.0.0.1/24"', "did you mean --ipaddress?"],
        ),
        (
            ["add-port", *PLACE, "--ipaddress"],
            ['unknown option "--ipaddress"', NEEDS.format("--ipaddress", "ipaddress=10.0.0.1/24")],
        ),
        (
            ["add-port", "--ipaddress", "--mtu=1400", *PLACE],
            ['unknown option "--ipaddress"', NEEDS.format("--ipaddress", "ipaddress=10.0.0.1/24")],
        ),
        (["add-port", *PLACE, "--may-exist=yes"], ['unknown option "--may-exist=yes"', "--may-exist takes no value"]),
        (["add-port", *PLACE, "-vq"], ['unknown option "-vq"', "letters stand alone after this verb: -v -q"]),
        (["add-port", *PLACE, "--file=x"], ['unknown option "--file=x"', FILE_IS_OF]),
        (["list-ports", "--file"], ['unknown option "--file"', FILE_IS_OF]),
        (["list-ports", "--version"], ['unknown option "--version"', "--version stands before any verb"]),
        (
            ["add-port", "br-int", "eth0"],
            [NOT_ENOUGH, "CONTAINER is missing: add-port BRIDGE INTERFACE CONTAINER"],
        ),
        (
            ["add-port", "br-int", ""],
            [NOT_ENOUGH, "INTERFACE and CONTAINER are missing: add-port BRIDGE INTERFACE CONTAINER"],
        ),
        (
            ["get-port", "c1"],
            [NOT_ENOUGH, "write get-port BRIDGE INTERFACE CONTAINER, or get-port CONTAINER INTERFACE"],
        ),
    ],
)
def test_the_same_after_a_verb(run: Run, args: list[str], lines: list[str]) -> None:
    verb = args[0]
    assert run(*args) == Ran(1, "", "".join(f"ovs-docker {verb}: {line}\n" for line in lines))


@pytest.mark.parametrize("args", [["help", "check"], ["-v", "help", "check"]])
def test_help_of_a_verb_may_be_asked_for_by_a_word(run: Run, args: list[str]) -> None:
    assert run(*args) == Ran(0, page("ovs-docker", BY_NAME["check"]), "")


def test_help_and_the_version_are_words_too(run: Run) -> None:
    assert run("help") == Ran(0, page("ovs-docker", NO_VERB), "")
    assert run("version") == run("-V") == run("--version") == Ran(0, f"ovs-docker {__version__}\n", "")


@pytest.mark.parametrize("verb", ["add-ports", "del-ports", "sync", "watch"])
def test_an_empty_project_is_refused(run: Run, verb: str) -> None:
    """As from a variable that is not set: everything would be meant."""
    line = "ovs-docker: --project: needs a value (empty it would mean: all of them)\n"
    assert run(verb, "--labels", "--project=") == Ran(1, "", line)


def test_what_was_ignored_is_said_of_a_call_that_fails_too(run: Run) -> None:
    first, *others = run("del-port", *PLACE, "--if-exist").err.splitlines()
    assert (first, len(others)) == ("ovs-docker: del-port ignores --if-exist", 1)
    assert run("-q", "del-port", *PLACE, "--if-exist").err.splitlines() == others


@pytest.mark.parametrize("verb", ["list-ports", "check"])
def test_an_empty_container_is_refused(run: Run, verb: str) -> None:
    line = "ovs-docker: --container: needs a value (empty it would mean: all of them)\n"
    assert run(verb, "--container=") == Ran(1, "", line)


def test_the_prefix_is_the_name_that_the_program_was_called_by(run: Run) -> None:
    assert run("frob", program="./bin/my-docker") == Ran(
        1, "", 'my-docker: unknown command "frob" (use --help for help)\n'
    )


def test_the_usage_has_the_name_that_the_program_was_called_by(run: Run) -> None:
    assert run(program="./bin/my-docker").out == page("my-docker", NO_VERB)


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["add-port"], "ovs-docker add-port: not enough arguments (use --help for help)"),
        (["add-port", *PLACE, "x"], 'ovs-docker add-port: unknown option "x"'),
        (["add-port", *PLACE, "--x=1"], 'ovs-docker add-port: unknown option "--x=1"'),
        (["add-port", *PLACE, "--mtu=1"], "ovs-docker: --mtu=1: needs a whole number from 68 to 65535"),
        (
            ["set-vlan", *PLACE, "5000"],
            "ovs-docker: VLAN 5000: needs a whole number from 0 to 4095",
        ),
        (["--format=x", "list-ports"], "ovs-docker: --format=x: needs table or json"),
    ],
)
def test_a_wrong_word_is_said_before_anything_is_asked(run: Run, args: list[str], line: str) -> None:
    status, out, err = run(*args)
    assert (status, out, err.splitlines()[0]) == (1, "", line)


@pytest.mark.parametrize(
    "args", [["del-port", *PLACE], ["set-vlan", *PLACE, "5"], ["set-trunk", *PLACE, "5"], ["list-ports"]]
)
def test_a_database_that_is_not_there_is_one_line_with_a_hint(run: Run, args: list[str]) -> None:
    assert run(*args) == Ran(
        1,
        "",
        "ovs-docker: no Open vSwitch database at /nonexistent/db.sock "
        "(start it (service openvswitch-switch start), or say where it is: --db=unix:PATH, --ovs-container=NAME)\n",
    )


def test_an_engine_that_is_not_there_is_one_line_with_a_hint(run: Run) -> None:
    assert run("add-port", *PLACE) == Ran(
        1,
        "",
        "ovs-docker: no Docker Engine at unix:///nonexistent/docker.sock: No such file or directory "
        "(start it (service docker start), or name its socket with --docker-host=unix://PATH)\n",
    )


@pytest.mark.parametrize(
    ("args", "command", "code"),
    [
        (["add-port", "br-int"], "add-port", "usage"),
        (["del-port"], "del-port", "usage"),
        (["add-port", *PLACE, "--mtu=1"], "add-port", "bad-value"),
        (["list-ports"], "list-ports", "ovsdb-unreachable"),
        (["add-port", *PLACE], "add-port", "docker-unreachable"),
    ],
)
def test_under_json_a_failure_is_an_object_too(run: Run, args: list[str], command: str, code: str) -> None:
    status, out, err = run("--format=json", *args)
    told = json.loads(out)
    assert (status, len(err.splitlines()), told.pop("errors")[0]["code"], told) == (
        1,
        1,
        code,
        {"version": 1, "command": command, "status": "error", "data": []},
    )


@pytest.mark.parametrize(
    "args",
    [
        ["--format=json", "frob"],
        ["--format", "json", "frob"],
        ["-fjson", "frob"],
        ["-f", "json", "--foo"],
        ["--format=table", "--format=json", "frob"],
    ],
)
def test_under_json_words_without_a_verb_are_an_object_too(run: Run, args: list[str]) -> None:
    status, out, err = run(*args)
    told = json.loads(out)
    assert (status, len(err.splitlines()), told["command"], told["errors"][0]["code"]) == (1, 1, "", "usage")


@pytest.mark.parametrize(
    "args",
    [["--format=json", "--format=table"], ["--format=json", "--format="], ["-fjson", "-f", "table"], ["-f", ""], []],
)
def test_without_json_nothing_is_on_stdout(run: Run, args: list[str]) -> None:
    """Given twice the last wins, and an empty value means not given."""
    assert run(*args, "list-ports").out == ""


def test_a_value_of_another_option_asks_for_no_json(run: Run) -> None:
    assert run("add-port", *PLACE, "--iface-id", "-fjson").out == ""


def test_a_verbs_own_help_succeeds(run: Run) -> None:
    status, out, err = run("add-port", "--help")
    assert (status, out.splitlines()[0].split()[:3], err) == (0, ["Usage:", "ovs-docker", "add-port"], "")


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["add-ports", "--file=/none"], "ovs-docker: --file=/none: No such file or directory"),
        (["add-ports", "--file=/"], "ovs-docker: --file=/: Is a directory"),
        (["add-ports", "--file=x", *PLACE], "ovs-docker add-ports: needs either words or --file or --labels"),
        (["add-ports", "--file=x", "--labels"], "ovs-docker add-ports: needs either words or --file or --labels"),
        (["del-ports", "--file=x", "br0", "c1"], "ovs-docker del-ports: needs either words or --file or --labels"),
        *(
            (words, "ovs-docker: --project=shop: needs --labels (it chooses among labelled containers)")
            for words in (
                ["add-ports", *PLACE, "--project=shop"],
                ["del-ports", "br0", "c1", "--project=shop"],
                ["sync", "--project=shop"],
                ["watch", "--project=shop"],
            )
        ),
        (
            ["add-ports", "--labels", "--mtu=1400"],
            "ovs-docker: --mtu=1400: has no effect with --labels (set it for each port there)",
        ),
        (
            ["add-ports", *PLACE, "c2", "c1"],
            "ovs-docker: ports[2] (container c1): "
            "interface eth0 of container c1 is already used by ports[0] (container c1)",
        ),
        (
            ["add-ports", *PLACE, "c2", "--ipaddress=10.0.0.2/32"],
            "ovs-docker: ports[1] (container c2): "
            "--ipaddress=10.0.0.2/32: has too few addresses for 2 containers (a shorter prefix holds more)",
        ),
        (["del-ports", "br-int", "c1", "--all"], "ovs-docker del-ports: --all takes BRIDGE only"),
        (["watch", "--dry-run"], "ovs-docker watch: --dry-run: watch always changes things; sync has it"),
        (
            ["watch", "br-int"],
            'ovs-docker watch: unknown option "br-int"\novs-docker watch: watch takes no words',
        ),
        (["sync", "--file=x", "--labels"], "ovs-docker sync: needs either --file or --labels"),
        (["sync", "--file="], "ovs-docker: --file: needs a value (empty it would mean: no file)"),
        (["del-ports", "--all"], "ovs-docker del-ports: BRIDGE is missing: del-ports BRIDGE --all"),
        (
            ["add-port", "br-int,", *PLACE[1:]],
            "ovs-docker: BRIDGE 'br-int,': has a comma (separate options with blanks)",
        ),
    ],
)
def test_wrong_words_about_many_ports_are_said_before_anything_is_asked(run: Run, args: list[str], line: str) -> None:
    assert run(*args) == Ran(1, "", f"{line}\n")


def test_del_ports_without_what_it_needs_prints_the_usage(run: Run) -> None:
    line = "ovs-docker del-ports: CONTAINER is missing: del-ports BRIDGE CONTAINER\n"
    assert run("del-ports", "br-int", "--project=lab") == Ran(1, page("ovs-docker", NO_VERB), line)


BAD_FILE = "defaults: {bridge: br-int, interface: eth0}\nports:\n- container: c1\n  mtu: 1\n"
BAD_LINE = ":4: ports[0] (container c1): mtu=1: needs a whole number from 68 to 65535"


@pytest.mark.parametrize("verb", ["add-ports", "del-ports"])
def test_a_file_with_an_error_is_one_line_with_its_place(run: Run, verb: str, tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(BAD_FILE)
    assert run(verb, f"--file={file}") == Ran(1, "", f"ovs-docker: {file}{BAD_LINE}\n")


@pytest.mark.parametrize("verb", ["add-ports", "del-ports"])
def test_all_errors_of_a_file_are_said_at_once(run: Run, verb: str, tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(f"{BAD_FILE}- container: c2\n  vlan: 9999\n- container: c3\n")
    lines = [BAD_LINE, ":6: ports[1] (container c2): vlan=9999: needs a whole number from 0 to 4095"]
    assert run(verb, f"--file={file}") == Ran(1, "", "".join(f"ovs-docker: {file}{line}\n" for line in lines))
    told = json.loads(run("--format=json", verb, f"--file={file}").out)
    assert [error["message"] for error in told["errors"]] == [f"{file}{line}" for line in lines]


@pytest.mark.parametrize("verb", ["add-ports", "del-ports"])
def test_an_empty_file_option_is_none(run: Run, verb: str) -> None:
    assert "Is a directory" not in (told := run(verb, "--file=")).err
    assert (told.status, "not enough arguments" in told.err or told.out.startswith("ovs-docker")) == (1, True)


def test_a_file_that_is_no_text_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_bytes(b"\xff\xfe")
    assert run("add-ports", f"--file={file}").err == f"ovs-docker: --file={file}: is not UTF-8 text\n"


def test_standard_input_is_a_file_too(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stdin").write_text(BAD_FILE)
    with (tmp_path / "stdin").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert run("add-ports", "--file=-").err == f"ovs-docker: standard input{BAD_LINE}\n"


def test_under_json_an_error_in_a_file_is_an_object(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(BAD_FILE)
    (error,) = json.loads(run("--format=json", "add-ports", f"--file={file}").out)["errors"]
    assert error == {"code": "bad-value", "message": f"{file}{BAD_LINE}", "hint": ""}


def test_the_schema_is_printed_without_anything_being_asked(run: Run) -> None:
    plain, wrapped = run("add-ports", "--print-schema"), run("--format=json", "add-ports", "--print-schema")
    assert (plain.status, json.loads(plain.out)["title"], wrapped.status, json.loads(wrapped.out)["data"]) == (
        *(0, "Ports for ovs-docker add-ports --file", 0),
        [json.loads(plain.out)],
    )


PRINTS, PRINTS_NOTHING = "['x']", "[]"
ENDS = (
    "from ovs_docker import cli; from ovs_docker.report.outcome import Outcome; import os, sys\n"
    "def run(call): assert os.open('/dev/null', 0) > 2; return Outcome([], {lines}, ['a warning'])\n"
    "cli._run = run; sys.argv = ['ovs-docker', 'list-ports']; cli.entry()"
)


@pytest.mark.parametrize(
    ("redirections", "lines", "status", "said"),
    [
        (">&-", PRINTS_NOTHING, 0, ["a warning"]),
        ("2>&-", PRINTS, 0, []),
        ("<&- >&- 2>&-", PRINTS_NOTHING, 0, []),
        ("<&- >&- 2>&-", PRINTS, 1, []),
        (">&-", PRINTS, 1, ["cannot write to standard output: Bad file descriptor"]),
        (">/dev/full", PRINTS, 1, ["cannot write to standard output: No space left on device"]),
        ("<&-", PRINTS, 0, ["a warning"]),
    ],
)
def test_streams_that_are_closed_or_full(redirections: str, lines: str, status: int, said: list[str]) -> None:
    """A port that was attached is not called a failure because nobody listens; a list that nobody gets, is."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT.parent)}
    shell = ("sh", "-c", f'exec "$@" {redirections}', "sh", sys.executable, "-c", ENDS.format(lines=lines))
    done = subprocess.run(shell, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (status, "".join(f"ovs-docker: {line}\n" for line in said))


@pytest.mark.parametrize("words", ["--version", "add-port --help", "--format=json del-port", "--format=json --mtu=x"])
@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
def test_no_output_that_cannot_be_written_is_a_traceback(words: str, redirection: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT.parent)}
    shell = ("sh", "-c", f'exec "$0" -m ovs_docker {words} {redirection}', sys.executable)
    done = subprocess.run(shell, capture_output=True, text=True, env=environment)
    assert (done.returncode, len(done.stderr.splitlines()), "Traceback" in done.stderr) == (1, 1, False)


def test_a_warning_that_cannot_be_written_is_no_failure() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT.parent)}
    ends = ENDS.format(lines="[]").replace("'list-ports'", "'--format=json', 'list-ports'")
    shell = ("sh", "-c", 'exec "$@" 2>/dev/full', "sh", sys.executable, "-c", ends)
    done = subprocess.run(shell, capture_output=True, text=True, env=environment)
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "success")


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    """As in `ovs-docker list-ports | head -1` on a host of ten thousand ports."""
    script = (
        "from ovs_docker import cli; from ovs_docker.report.outcome import Outcome\n"
        "cli._run = lambda call: Outcome([], ['x' * 100] * 10_000)\n"
        "import sys; sys.argv = ['ovs-docker', 'list-ports']; cli.entry()"
    )
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "PYTHONPATH": str(ROOT.parent)}
    done = subprocess.run([sys.executable, "-c", script], stdout=writer, stderr=subprocess.PIPE, env=environment)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("options", [[], ["--format=json"]], ids=["text", "json"])
@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), MemoryError(), ImportError("no room for it")])
def test_what_the_system_refuses_is_one_line_also_where_nothing_more_can_be_loaded(
    run: Run, monkeypatch: pytest.MonkeyPatch, options: list[str], error: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "_run", refuse)
    said = getattr(error, "strerror", None) or str(error) or "out of memory"
    lines = []
    for _ in range(2):
        lines.append(run(*options, "list-ports").err)
        monkeypatch.setitem(sys.modules, "ovs_docker.report.text", None)  # as if no descriptor were left for it
    assert lines == [f"ovs-docker: {said}\n"] * 2
