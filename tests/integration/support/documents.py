"""The commands of README and docs/*.md, taken from their text, and somebody who follows a document step by step.

On which host that happens, and what has to be different there, is in test_docs.py.
"""

import os
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.house.checkout import DOCUMENTS, blocks, text
from tests.integration.support.commands import Result, run

RUN = "  ovs-docker add-port br-int eth0 netsho1"
"""A line of the block that runs the image."""
PLAIN = "Docker and Open vSwitch"
"""The host of a document that does not name one."""

# A document names another host by a comment, from which on everything begins anew; a comment right before a block
# gives the reason why no test runs it.
_PARTS = re.compile(
    r"^<!-- host: (?P<host>.+?) -->$|(?:^<!-- not run: (?P<reason>.+?) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    flags=re.MULTILINE | re.DOTALL,
)
_NAMED = re.compile(r"# (\S+\.\w+)\n")
_PROMPT = "# "
# Different in every run: ids (12 digits and more), the ports' names (13 digits), and how long things take.
_CHANGING = re.compile(r'"?\b[0-9a-f]{12,64}(_l)?\b"?|\b[\d.]+ ms')
_STATUS = "exit status "


@dataclass(frozen=True)
class Block:
    """A code block, the line of the document where it begins, and why it is not run, if so."""

    kind: str
    text: str
    line: int
    reason: str | None

    @property
    def is_command(self) -> bool:
        assert self.kind in ("sh", "console", "yaml", "json", "ini", "text"), f"{self.kind}: neither run nor shown"
        return self.kind in ("sh", "console")


@dataclass
class Scene:
    """The blocks of a document that belong together, and the host on which they begin from nothing."""

    document: str
    host: str
    blocks: list[Block] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.document}, {self.host}, line {self.blocks[0].line}"


def scenes() -> list[Scene]:
    """Return everything that the documents have somebody do."""
    found = [scene for name in DOCUMENTS for scene in parts(name, text(name))]
    return [scene for scene in found if any(block.is_command and not block.reason for block in scene.blocks)]


def parts(name: str, whole: str) -> Iterator[Scene]:
    """Yield the scenes of one document, with commands or without."""
    scene = Scene(name, PLAIN)
    for part in _PARTS.finditer(whole):
        if part["host"]:
            yield scene
            scene = Scene(name, part["host"])
        else:
            line = whole.count("\n", 0, part.start()) + 1
            scene.blocks.append(Block(part["kind"], part["text"], line, part["reason"]))
    yield scene


def not_run() -> dict[str, int]:
    """Return how many blocks of commands no test runs, by document."""
    all_scenes = [scene for name in DOCUMENTS for scene in parts(name, text(name))]
    left = [scene.document for scene in all_scenes for block in scene.blocks if block.is_command and block.reason]
    return {document: left.count(document) for document in left}


class Reader:
    """Somebody who works in a directory and does what a document says, but for words that have to be others here."""

    def __init__(self, directory: Path, other_words: Mapping[str, str], programs: Path) -> None:
        self._directory, self._other_words = directory, other_words
        path = f"{programs}:{os.environ['PATH']}"
        self._env = {"HOME": str(directory), "PATH": path, "DOCKER_BUILDKIT": "0"}

    def follow(self, scene: Scene) -> None:
        """Do block after block; a command that ends otherwise or says something else fails the test."""
        for block in scene.blocks:
            if block.reason is None:
                self._do(block, f"{scene.document}:{block.line}")

    def _do(self, block: Block, place: str) -> None:
        if block.kind == "sh":
            done = self._shell(f"set -eu\n{block.text}")
            assert done.code == 0, f"{place}: {done}"
        elif block.kind == "console":
            wanted = conversation(block.text)
            said = self._shell(_session([command for command, _ in wanted])).out
            _compare(wanted, said, place)
        elif named := _NAMED.match(block.text):
            (self._directory / Path(named[1]).name).write_text(block.text)

    def _shell(self, commands: str) -> Result:
        for said, meant in self._other_words.items():
            commands = commands.replace(said, meant)
        return run("sh", "-c", f"cd {shlex.quote(str(self._directory))}\n{commands}", env=self._env, timeout=120)


def conversation(console: str) -> list[tuple[str, str]]:
    """Return the commands of a ``console`` block, each with what is shown of its output."""
    turns: list[tuple[str, str]] = []
    for line in console.splitlines(keepends=True):
        if line.startswith(_PROMPT):
            turns.append((line.removeprefix(_PROMPT).rstrip("\n"), ""))
        else:
            turns[-1] = (turns[-1][0], turns[-1][1] + line)
    return turns


def _session(commands: list[str]) -> str:
    """Return a script that runs all commands and says after each how it ended; ``$?`` is the one before's."""
    lines = "\n".join(f'{command}\nstatus=$?; echo "{_STATUS}$status"; (exit $status)' for command in commands)
    return f"exec 2>&1\n{lines}\n"


def _compare(wanted: list[tuple[str, str]], said: str, place: str) -> None:
    """See that output is as shown; all commands must succeed, but for those whose status is shown by ``echo $?``."""
    ends = re.findall(rf"(.*?)^{_STATUS}(\d+)\n", said, flags=re.MULTILINE | re.DOTALL)
    assert len(ends) == len(wanted), f"{place}: {said}"
    for number, ((command, output), (printed, status)) in enumerate(zip(wanted, ends, strict=True)):
        asks = wanted[number + 1][0] if number + 1 < len(wanted) else ""
        assert status == "0" or asks == "echo $?", f"{place}: {command}: {printed}"
        assert _pattern(output).fullmatch(_CHANGING.sub("X", printed)), f"{place}: {command}:\n{printed}"


def _pattern(output: str) -> re.Pattern[str]:
    return re.compile(re.escape(_CHANGING.sub("X", output)).replace("…", ".*"))


# --- blocks that other tests use -----------------------------------------------------------------------------------


def block(kind: str, containing: str) -> str:
    """Return the one code block of a kind that has these words."""
    (found,) = (found for found in blocks(kind) if containing in found)
    return found


def docker_run() -> list[str]:
    """Return the documents' command that runs the image, up to the image's name."""
    words = shlex.split(block("sh", RUN).replace("\\\n", " "))
    return words[: words.index("ovs-docker") + 1]


def rights() -> dict[str, dict[str, bool]]:
    """Return the table of rights: by verb, what of the command it needs."""
    table = text("docs/containers.md").partition("<!-- rights -->\n")[2].partition("<!-- /rights -->")[0]
    lines = [[cell.strip(" `") for cell in line.strip("|\n").split("|")] for line in table.splitlines()]
    header, rows = lines[0][1:], lines[2:]
    needs = {row[0]: dict(zip(header, (cell == "yes" for cell in row[1:]), strict=True)) for row in rows}
    return {verb.strip(" `"): needed for verbs, needed in needs.items() for verb in verbs.split(",")}
