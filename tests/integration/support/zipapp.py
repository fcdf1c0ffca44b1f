"""The one-file ovs-docker.pyz, built from what is installed beside this Python, and the Pythons that may run it.

What it has to do is in test_zipapp.py.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.integration.support.commands import Result, run

BUILDER = Path(__file__).parents[3] / ".release/zipapp.py"
VERSIONS = ("3.10", "3.11", "3.12", "3.13")


def build(target: Path) -> Path:
    """Write the file, and return its path."""
    run(sys.executable, str(BUILDER), str(target), check=True)
    return target


def interpreter(version: str) -> str:
    """Return a Python of that version: on the PATH, or pyenv's; the test is skipped where there is none, as in tox."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [shutil.which(f"python{version}"), *map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python3")))]
    if not any(found):
        pytest.skip(f"there is no Python {version}")
    return next(path for path in found if path)


def started(path: Path, *words: str, python: str = sys.executable, options: tuple[str, ...] = ("-I",)) -> Result:
    """Run the file by a Python that is isolated from its environment and its user; what it says is ours to compare."""
    return run(python, *options, str(path), *words)
