"""The house itself: who may import whom, and what is found nowhere in it."""

import ast
import re
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.unit.sources_of_the_package import FILES, TREES, Walk, inner_imports, module_of, outer_imports, running

OPERATIONS = {"backends.ovsdb.port_operations", "backends.ovsdb.bridge_operations"}
BACKENDS = {f"backends.{room}{dot}" for room in ("engine", "kernel", "ovsdb", "vswitch") for dot in ("", ".")}

# Room by room, from the ground up: its modules, and the rooms below that it may import from. "x." means all of x/.
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    "ground": ({"", "errors", "deadline", "signals", "model", "model."}, set()),
    "table": ({"parse", "parse.options"}, set()),
    "words": ({"cli.advice", "cli.grammar", "cli.words", "cli.help"}, {"ground", "table"}),
    "pure": ({"parse.", "backends.ovsdb.operations", "ovn.operations", *OPERATIONS}, {"ground", "table"}),
    "report": ({"report", "report.outcome", "report.text"}, {"ground"}),
    "backends": ({"backends", *BACKENDS}, {"ground"}),
    "progress": ({"report.progress"}, set()),
    "world": ({"world", "locks"}, {"ground", "backends", "progress"}),
    "resolve": (
        {"resolve", "resolve.", "ovn", "ovn.resolve", "ovn.given_addresses", "ovn.tunnels"},
        {"ground", "pure", "backends", "world"},
    ),
    "runner": ({"apply", "apply.runner"}, {"ground", "world"}),
    "steps": ({"apply.", "ovn.steps"}, {"ground", "pure", "backends", "world", "resolve", "runner"}),
    "plan": ({"plan", "plan.", "ovn.plan"}, {"ground", "pure", "runner", "steps", "resolve"}),
    "check": (
        {"check", "check.", "ovn.look", "ovn.check"},
        {"ground", "pure", "backends", "world", "resolve"},
    ),
    # What several verbs do in the same way.
    "work": (
        {"verbs", "verbs.each", "verbs.labelled", "verbs.work"},
        {"ground", "pure", "report", "world", "resolve", "runner"},
    ),
    "verbs": (
        {"verbs.", "ovn.sync"},
        {"ground", "pure", "report", "progress", "world", "resolve", "runner", "plan", "check", "work"},
    ),
    "watch": ({"watch", "watch."}, {"ground", "report", "backends", "world", "work", "verbs"}),
    # What stands in the firewall's rules; what runs iptables is the driver's.
    "fence": ({"driver.firewall.fenced", "driver.firewall.rules", "driver.firewall.saved"}, {"ground"}),
    # What Docker says, and what the database is told.
    "asked": ({"driver.protocol", "driver.options", "driver.operations"}, {"ground", "pure"}),
    "driver": (
        {"driver", "driver.", "driver.firewall", "driver.firewall."},
        {
            *(
                "ground",
                "pure",
                "report",
                "backends",
                "world",
                "resolve",
                "runner",
                "steps",
                "plan",
                "verbs",
                "watch",
                "check",
            ),
            *("fence", "asked"),
        },
    ),
    "cli": (
        {"cli", "cli.commands", "cli.complete", "cli.sources", "cli.streams", "__main__"},
        {
            "ground",
            "table",
            "words",
            "pure",
            "report",
            "backends",
            "world",
            "resolve",
            "check",
            "work",
            "verbs",
            "watch",
            "driver",
        },
    ),
}


def room_of(module: str) -> str:
    whole = module.rpartition(".")[0] + "."
    named = [room for room, (modules, _) in ROOMS.items() if module in modules]
    rooms = named or [room for room, (modules, _) in ROOMS.items() if whole != "." and whole in modules]
    assert len(rooms) == 1, f"{module}: say in ROOMS where it belongs"
    return rooms[0]


PURE = [
    module for module in TREES if room_of(module) in ("ground", "words", "pure", "report", "plan", "fence", "asked")
]
PURE.remove("cli.help")


@pytest.mark.parametrize("module", TREES)
def test_imports_point_down(module: str) -> None:
    room = room_of(module)
    rooms = {room, *ROOMS[room][1]}
    imports = inner_imports(module, ast.walk)  # for types too
    assert [f"{module} -> {other}" for other in imports if room_of(other) not in rooms] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_may_import_from_no_room_that_it_does_not_need(room: str) -> None:
    imports = {
        room_of(other) for module in TREES if room_of(module) == room for other in inner_imports(module, ast.walk)
    }
    assert ROOMS[room][1] - imports == set()


def test_verbs_do_not_import_verbs_but_sync_attaches_as_add_ports_does() -> None:
    verbs = [module for module in TREES if room_of(module) == "verbs"]
    imports = {(module, other) for module in verbs for other in inner_imports(module, ast.walk) if other in verbs}
    assert imports == {("verbs.sync", "verbs.attach"), ("verbs.sync", "ovn.sync")}


@pytest.mark.parametrize("walk", [running, ast.walk], ids=["when it runs", "for types too"])
def test_no_import_leads_back(walk: Walk) -> None:
    graph = {module: set(inner_imports(module, walk)) - {module} for module in TREES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        pytest.fail(f"{' -> '.join(cycle.args[1])}")


def test_planning_takes_no_more_than_the_facts_from_reading() -> None:
    planning = [module for module in TREES if room_of(module) == "plan"]
    taken = {(module, what) for module in planning for what in _from("resolve", module)}
    assert taken == {
        ("ovn.plan", "resolve.facts.Facts"),
        ("plan.attach", "resolve.facts.Facts"),
        ("plan.attach", "resolve.interfaces.PortFacts"),
        ("plan.pairs", "resolve.interfaces.PortFacts"),
        ("plan.repair", "resolve.ends.Amiss"),
        ("plan.repair", "resolve.ends.Ends"),
        ("plan.repair", "resolve.ends.amiss"),
        ("plan.repair", "resolve.facts.Facts"),
        ("plan.restore", "resolve.facts.Facts"),
        ("plan.sync", "resolve.ends.amiss"),
        ("plan.sync", "resolve.survey.Survey"),
        ("plan.wires", "resolve.facts.Facts"),
        ("plan.wires", "resolve.interfaces.PortFacts"),
    }


def test_planning_takes_no_more_than_the_columns_of_vlans_from_what_writes() -> None:
    """plan/ names steps; how they write is theirs. Which columns a VLAN needs depends on what is there: a decision."""
    planning = [module for module in TREES if room_of(module) == "plan"]
    taken = {(module, what) for module in planning for what in _from("pure", module) if what.startswith("backends.")}
    assert taken == {("plan.change", "backends.ovsdb.port_operations.vlan_columns")}


def _from(room: str, module: str) -> set[str]:
    imports = inner_imports(module, ast.walk)
    return {f"{other}.{name}" for other, names in imports.items() if room_of(other) == room for name in names}


# What pure modules may have of the standard library, and of the two packages that do no I/O here.
CALCULATION = {"__future__", "collections", "contextlib", "itertools", "typing", "netaddr", "yaml"}
# inet_pton; the clock; the handlers; maxsize
EXCEPTIONS = {
    "model.addresses": {"ipaddress"},
    "model.network": {"ipaddress", "json"},
    "driver.protocol": {"ipaddress"},
    "deadline": {"time"},
    "signals": {"_thread", "contextlib", "signal", "types"},
    "cli.advice": {"difflib"},
    "cli.words": {"sys"},
}


@pytest.mark.parametrize("module", sorted(PURE))
def test_what_decides_does_no_io(module: str) -> None:
    assert outer_imports(module) - CALCULATION - EXCEPTIONS.get(module, set()) == set()


def test_each_library_has_its_one_place() -> None:
    packages = {"click", "docker", "netaddr", "ovs", "pyroute2", "requests", "waitress", "yaml"}
    places = {(package, module) for module in TREES for package in outer_imports(module) & packages}
    assert sorted(places) == [
        ("click", "cli.help"),
        ("click", "report.progress"),
        ("docker", "backends.engine.client"),
        ("netaddr", "parse.pool"),
        ("ovs", "backends.ovsdb.lasting"),
        ("pyroute2", "backends.kernel.netlink"),
        ("requests", "backends.engine.client"),
        ("waitress", "driver.server"),
        ("yaml", "parse.file"),
    ]


# --- what is found nowhere ---------------------------------------------------------------------------------------

PROCESSES = {"subprocess", "multiprocessing", "pty", "asyncio", "concurrent", "commands", "popen2", "sh", "pexpect"}
STARTS = ("system", "popen", "fork", "spawn", "exec", "posix_spawn")


@pytest.mark.parametrize("module", TREES)
def test_no_other_program_is_started_but_iptables(module: str) -> None:
    called = [
        ast.unparse(node)
        for node in ast.walk(TREES[module])
        if (isinstance(node, ast.Attribute) and ast.unparse(node.value) == "os" and node.attr.startswith(STARTS))
        or (isinstance(node, ast.alias) and node.name.startswith(STARTS))
    ]
    allowed = {"subprocess"} if module == "driver.firewall.iptables" else set()
    assert (called, outer_imports(module) & PROCESSES) == ([], allowed)


def test_locks_are_taken_and_released_in_one_place() -> None:
    """The session's own module has the methods."""
    calls = {
        module
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("lock", "unlock")
    }
    assert calls == {"locks"}


def _named(module: str) -> set[str]:
    nodes = running(TREES[module])
    return {ast.unparse(node) for node in nodes if isinstance(node, ast.Name | ast.Attribute)}


@pytest.mark.parametrize("module", [module for module in TREES if room_of(module) not in ("cli", "words")])
def test_below_the_command_line_nothing_ends_the_process_or_reads_input(module: str) -> None:
    ends = {"exit", "quit", "sys.exit", "os._exit", "os.abort", "SystemExit", "input", "sys.stdin"}
    assert _named(module) & ends == set()


def test_only_the_command_line_the_worlds_mouth_the_progress_bar_and_the_log_of_watch_print() -> None:
    talk = [module for module in TREES if {"print", "sys.stdout", "sys.stderr"} & _named(module)]
    assert sorted(talk) == ["cli", "report.progress", "watch.log", "world"]


def test_no_except_catches_everything_in_silence() -> None:
    handlers = [(module, node) for module, tree in TREES.items() for node in ast.walk(tree)]
    silent = [
        f"{module}:{node.lineno}"
        for module, node in handlers
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and all(isinstance(statement, ast.Pass) for statement in node.body)
    ]
    suppressed = [
        f"{module}:{node.lineno}"
        for module, node in handlers
        if isinstance(node, ast.Call) and re.match(r"(\w+\.)?suppress\((Base)?Exception\b", ast.unparse(node))
    ]
    assert (silent, [where.partition(":")[0] for where in suppressed]) == ([], ["cli.complete"])


# --- how it reads ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", TREES)
def test_every_module_opens_with_what_lives_in_it(module: str) -> None:
    """Two sentences, or a name and what it means."""
    said = ast.get_docstring(TREES[module]) or ""
    assert said.split("\n")[0].endswith(".")
    assert len(re.findall(r"[.:](?=\s|$)", said)) > 1


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_every_file_has_at_most_250_lines(path: object) -> None:
    assert hasattr(path, "read_text")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


ROAD = ("model.", "parse.", "resolve.", "plan.", "apply.", "report.", "verbs.")


@pytest.mark.parametrize("module", TREES)
def test_every_function_has_at_most_20_lines_and_25_beside_the_road(module: str) -> None:
    most = 20 if module.startswith(ROAD) else 25
    functions = (node for node in ast.walk(TREES[module]) if isinstance(node, ast.FunctionDef))
    assert [node.name for node in functions if _lines(node) > most] == []


def _lines(function: ast.FunctionDef) -> int:
    """Count the lines of a function's body, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


# The methods of a Step and a Channel say what they do in the Protocol.
SAID_ELSEWHERE = {"describe", "do", "undo", "send", "receive"}
SHORT = 5  # statements: what a name can say


def _public(tree: ast.AST) -> list[ast.FunctionDef | ast.ClassDef]:
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            found.append(node)
            found += _public(node) if isinstance(node, ast.ClassDef) else []
    return found


def _statements(node: ast.AST) -> int:
    return sum(isinstance(inner, ast.stmt) for inner in ast.walk(node)) - 1


def test_what_is_public_says_what_it_does_unless_its_name_says_it() -> None:
    silent = [
        f"{module}:{node.lineno} {node.name}"
        for module, tree in TREES.items()
        for node in _public(tree)
        if not ast.get_docstring(node) and _statements(node) > SHORT and node.name not in SAID_ELSEWHERE
    ]
    assert silent == []


def test_classes_say_what_they_are_but_for_errors_that_their_code_names() -> None:
    silent = [
        f"{module}:{node.lineno} {node.name}"
        for module, tree in TREES.items()
        for node in _public(tree)
        if isinstance(node, ast.ClassDef) and not ast.get_docstring(node) and module != "errors"
    ]
    assert silent == []


def test_no_name_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [module for module in TREES if module.split(".")[-1] in empty] == []
