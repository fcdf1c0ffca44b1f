"""The package's own source as syntax trees, and who imports whom when it runs. Rules about them are test_house.py's."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import ovs_docker

ROOT = Path(ovs_docker.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))


def module_of(path: Path) -> str:
    """Name a file's module within the package: plan, backends.docker, cli; the package itself is ''."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {module_of(path): ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in FILES}


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Walk over what runs: bodies of functions too, but not `if TYPE_CHECKING:`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from running(child)


Walk = Callable[[ast.AST], Iterator[ast.AST]]


def imported(module: str, walk: Walk = running) -> Iterator[tuple[str, str]]:
    """Tell what a module imports as (module, name); the name is empty where the whole module is meant."""
    for node in walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, f"{module}: relative imports are not used here"
            yield from _from(node.module, [alias.name for alias in node.names])


def _from(module: str, names: list[str]) -> Iterator[tuple[str, str]]:
    inner = module.removeprefix("ovs_docker").removeprefix(".")
    for name in names:
        submodule = f"{inner}.{name}".lstrip(".")
        ours = module.split(".")[0] == "ovs_docker" and submodule in TREES
        yield (f"ovs_docker.{submodule}", "") if ours else (module, name)


def inner_imports(module: str, walk: Walk = running) -> dict[str, set[str]]:
    """Return the package's own modules that a module imports, with the names taken from each."""
    found: dict[str, set[str]] = {}
    for name, what in imported(module, walk):
        if name.split(".")[0] == "ovs_docker":
            found.setdefault(name.removeprefix("ovs_docker").removeprefix("."), set()).add(what)
    return found


def outer_imports(module: str) -> set[str]:
    """Return the top-level names of all other modules that a module imports."""
    return {name.split(".")[0] for name, _ in imported(module)} - {"ovs_docker"}
