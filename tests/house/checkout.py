"""The checkout under test: where its files are, and the programs that look at them.

What they have to say is in the tests.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from ovs_docker.cli.grammar import GLOBALS, HELP, VERBS, VERSION

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = ("README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
EVERY_OPTION = (*GLOBALS, VERSION, HELP, *(option for verb in VERBS for option in verb.options))


def text(path: str) -> str:
    """Return a file of the checkout."""
    return (ROOT / path).read_text()


def blocks(kind: str) -> list[str]:
    """Return the documents' code blocks of one kind."""
    whole = "".join(map(text, DOCUMENTS))
    return re.findall(rf"^```{kind}\n(.*?)^```$", whole, flags=re.MULTILINE | re.DOTALL)


def names_word(word: str, where: str) -> bool:
    """Say whether ``word`` stands in ``where`` as a word of its own: --mtu is not in --mtu-probe."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", where) is not None


def program(name: str) -> str:
    """Return the path of a program; where it is missing the test fails in CI and is skipped elsewhere."""
    found = shutil.which(name)
    if found is None:
        missing(f"{name} is not installed")
    return str(found)


def missing(reason: str) -> None:
    """End the test for want of something: in CI a skipped test would look like a passed one."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
