"""How the demonstration speaks: sentences, commands as a person would type them, and what they answer.

What is shown, and in which order, is in __main__.py.
"""

import shlex
import subprocess
import textwrap


class Unexpected(Exception):
    """A command did not end the way the story says."""


def title(text: str) -> None:
    """Begin a chapter."""
    print(f"\n── {text} " + "─" * (74 - len(text)), flush=True)


def say(text: str) -> None:
    """Print a paragraph."""
    print("\n" + textwrap.fill(" ".join(text.split()), 78, break_on_hyphens=False), flush=True)


def show(command: str, *, fails: bool = False) -> str:
    """Print ``command``, run it, and return its output; raises Unexpected when it ends the other way."""
    print(f"\n$ {command}", flush=True)
    done = subprocess.run(
        shlex.split(command),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    print(done.stdout.replace("\t", "    "), end="", flush=True)
    if done.returncode != 0:
        print(f"[exit status {done.returncode}]", flush=True)
    if (done.returncode != 0) != fails:
        raise Unexpected(f"{command}: exit status {done.returncode}, which is not how the story goes")
    return done.stdout


def expect(condition: bool, what: str) -> None:
    """Stop the story when what it just claimed is not so; raises Unexpected."""
    if not condition:
        raise Unexpected(what)
