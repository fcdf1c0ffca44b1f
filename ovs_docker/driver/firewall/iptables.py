"""Runs iptables-save and iptables-restore, or those of ip6tables: the one place where the driver starts a program.

What they print and read is in saved.py. Both variants, nf_tables and legacy, go by these names.
"""

from subprocess import TimeoutExpired, run

from ovs_docker.errors import KernelRefused, TimedOut

_SECONDS = 6.0
_LOCK_SECONDS = 4  # the legacy variant's lock may be held by others
_NO_REASON = ("Try `", "Error occurred at line")


class NoIptables(KernelRefused):
    """The program is not installed."""


def save(version: int) -> str:
    """Return all rules of a family, 4 or 6; raise KernelRefused, TimedOut."""
    return _run(_name(version, "save"), "")


def restore(version: int, text: str) -> None:
    """Apply lines to a family's tables, of which each is changed as a whole or not; raise KernelRefused, TimedOut."""
    _run(_name(version, "restore"), text, "--noflush", f"--wait={_LOCK_SECONDS}")


def _name(version: int, what: str) -> str:
    return f"{'iptables' if version == 4 else 'ip6tables'}-{what}"


def _run(program: str, text: str, *words: str) -> str:
    try:
        done = run([program, *words], input=text, capture_output=True, text=True, timeout=_SECONDS)
    except FileNotFoundError:
        raise NoIptables(f"{program} is not installed", "networks of the modes nat and routed need it") from None
    except OSError as error:
        raise KernelRefused(f"cannot start {program}: {error.strerror}") from None
    except TimeoutExpired:
        raise TimedOut(f"gave up after {_SECONDS:g} s waiting for {program}") from None
    if done.returncode:
        raise KernelRefused(_reason(program, done.stderr, text) or f"{program}: exit status {done.returncode}")
    return done.stdout


def _reason(program: str, said: str, text: str) -> str:
    """Return the tool's own last line; if it names a line of what it read, with that line."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith(_NO_REASON)]
    if not lines:
        return ""
    reason = lines[-1] if lines[-1].startswith(program) else f"{program}: {lines[-1]}"
    number = reason.partition(" line ")[2].split(" ")[0].rstrip(":")
    read = text.splitlines()[int(number) - 1 : int(number)] if number.isdecimal() else []
    return ": ".join([reason, *read])
