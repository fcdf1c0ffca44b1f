"""Completions as the shells compute them, by the ovs-docker that is installed beside this Python.

What has to be offered is in the tests.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.house.checkout import ROOT, program

Shell = Callable[..., list[str]]

BASH = ROOT / "completions/ovs-docker.bash"
ZSH = ROOT / "completions/_ovs-docker"
FISH = ROOT / "completions/ovs-docker.fish"

# bash splits at COMP_WORDBREAKS, of which only = and : stand in our words; a run of them is one word.
SPLIT = re.compile(r"[=:]+|[^\s=:]+")

BASH_COMPLETES = """
source "$0"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
_ovs_docker
printf '%s\\n' "${COMPREPLY[@]}"
"""

# Outside of a terminal zsh has no completion to ask: these take what it would be told.
ZSH_COMPLETES = r"""
_describe() { print -rl -- $closed $open }
compset() { prefix=${PREFIX[1,$2]}; PREFIX=${PREFIX[$2+1,-1]} }
_files() { for each in ${~:-"$PREFIX*"}(N); do print -r -- ${${:-$prefix$each}//:/\\:}; done }
words=("$@") CURRENT=$# PREFIX=${@[-1]}
source "$0"
"""


def bash(line: str, search: Path | None = None) -> list[str]:
    """Return what bash offers at the end of ``line``, sorted; a program in ``search`` goes before all others."""
    words = SPLIT.findall(line) + [""] * line.endswith(" ")
    return _offered([program("bash"), "--norc", "--noprofile", "-c", BASH_COMPLETES, str(BASH), *words], search)


def fish(line: str, search: Path | None = None) -> list[str]:
    """Return what fish offers at the end of ``line``, sorted, without its descriptions."""
    return sorted(candidate for candidate, _ in fish_describes(line, search))


def fish_describes(line: str, search: Path | None = None) -> list[tuple[str, str]]:
    """Return what fish offers at the end of ``line``, each with its description."""
    script = f"set fish_complete_path; source {shlex.quote(str(FISH))}; complete -C {shlex.quote(line)}"
    offered = _offered([program("fish"), "--no-config", "-c", script], search)
    return [(candidate, said) for candidate, _, said in (each.partition("\t") for each in offered)]


def zsh(line: str, search: Path | None = None) -> list[str]:
    """Return what zsh offers at the end of ``line``, sorted, without its descriptions."""
    return sorted(candidate for candidate, _ in zsh_describes(line, search))


def zsh_describes(line: str, search: Path | None = None) -> list[tuple[str, str]]:
    """Return what zsh offers at the end of ``line``, each with its description."""
    words = line.split() + [""] * line.endswith(" ")
    offered = _offered([program("zsh"), "-f", "-c", ZSH_COMPLETES, str(ZSH), *words], search)
    pairs = (re.split(r"(?<!\\):", candidate, maxsplit=1) for candidate in offered)
    return [(pair[0].replace("\\:", ":"), pair[1].replace("\\:", ":") if pair[1:] else "") for pair in pairs]


def environment(search: Path | None = None) -> dict[str, str]:
    """Return the environment of a shell that finds our ovs-docker, or the one in ``search``."""
    return {**os.environ, "PATH": f"{search or Path(sys.executable).parent}:{os.environ['PATH']}"}


def _offered(command: Sequence[str], search: Path | None) -> list[str]:
    done = subprocess.run(
        command, check=True, env=environment(search), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.stderr == ""
    return sorted(filter(None, done.stdout.splitlines()))
