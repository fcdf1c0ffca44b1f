"""README's commands, taken from its text to be run as they stand there.

What has to be another way on the private host is said by the tests, as a list of words and what they become.
"""

import os
import shlex
from collections.abc import Mapping

from tests.house.checkout import blocks, text
from tests.integration.support.commands import Result, run

RUN = "  ovs-docker add-port br-int eth0 netsho1"
"""What stands in the block that runs the image."""


def block(kind: str, containing: str) -> str:
    """Return the one code block of a kind that has these words."""
    (found,) = (found for found in blocks(kind) if containing in found)
    return found


def shell(commands: str, other_words: Mapping[str, str] | None = None) -> Result:
    """Run a block as it stands, but for the words that have to be others here; each of them must be in it."""
    for said, meant in (other_words or {}).items():
        assert said in commands, f"README no longer says {said}"
        commands = commands.replace(said, meant)
    return run("sh", "-euc", commands, env={"HOME": os.environ.get("TMPDIR", "/tmp")})


def docker_run() -> list[str]:
    """Return README's command that runs the image, up to the image's name."""
    words = shlex.split(block("sh", RUN).replace("\\\n", " "))
    return words[: words.index("ovs-docker") + 1]


def rights() -> dict[str, dict[str, bool]]:
    """Return README's table of rights: by verb, what of the command it needs."""
    table = text("README.md").partition("<!-- rights -->\n")[2].partition("<!-- /rights -->")[0]
    lines = [[cell.strip(" `") for cell in line.strip("|\n").split("|")] for line in table.splitlines()]
    header, rows = lines[0][1:], lines[2:]
    needs = {row[0]: dict(zip(header, (cell == "yes" for cell in row[1:]), strict=True)) for row in rows}
    return {verb.strip(" `"): needed for verbs, needed in needs.items() for verb in verbs.split(",")}
