"""The kernel as a program on this machine: its words, its memory, its time, what it says, and how it ended.

What runs in it first is init.py. The machine's files are its disk, which it cannot write to.
"""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from tests.host import DATAPATH_VARIABLE
from tests.host.namespaces import mount

PROGRAM = "linux.uml"
MODULES = Path("/usr/lib/uml/modules")
SCRATCH = Path("/run")
"""A tmpfs of its own: the kernel's memory, and the files that it finds its work in."""
JOB, ROOT = SCRATCH / "job.json", SCRATCH / "root"
SETTINGS = (f"init={SCRATCH}/init", f"uml_dir={SCRATCH}/uml/", "mem=4G", "quiet", "oops=panic", "panic=-1")
LOST = 70

# Of the consoles, 0 is the kernel's; the command has the others, a line each way: how a pipe gets through hostfs.
OUT, ERR, STATUS = "/dev/tty1", "/dev/tty2", "/dev/tty3"


def serve(command: Sequence[str], seconds: float) -> int:
    """Boot, run ``command`` on a private host in there, and return its exit status; LOST if it has none."""
    mount("tmpfs", str(SCRATCH), "tmpfs", options="mode=755,size=100%")
    ROOT.mkdir()
    _write_job(command)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Channel(1) as out, Channel(2) as err, Channel() as status, Channel() as console:
        ended = _boot(seconds, console, (out, err, status))
    if (said := status.text().strip()).isdigit():
        return int(said)
    last = [line for line in console.text().splitlines() if line.strip()]
    print("kernel host:", _reason(ended, seconds, last), file=sys.stderr, flush=True)
    return LOST


class Channel:
    """A pipe from the kernel: read to the end as it comes, kept or handed on to a file descriptor of ours."""

    def __init__(self, to: int | None = None) -> None:
        self._source, self.descriptor = os.pipe()
        self._to = to
        self._kept = bytearray()
        self._reader = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> "Channel":
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            os.close(self.descriptor)
        self._reader.join(10)

    def text(self) -> str:
        return self._kept.decode(errors="replace")

    def _read(self) -> None:
        while data := os.read(self._source, 1 << 16):
            if self._to is None:
                self._kept += data
            while self._to is not None and data:
                data = data[os.write(self._to, data) :]


def _write_job(command: Sequence[str]) -> None:
    (SCRATCH / "lib").mkdir()
    (SCRATCH / "lib" / "modules").symlink_to(MODULES)
    environment = {**os.environ, DATAPATH_VARIABLE: "system"}
    JOB.write_text(json.dumps({"command": command, "environment": environment, "directory": os.getcwd()}))
    # The kernel starts process 1 with no more than a path.
    init = SCRATCH / "init"
    init.write_text(f"#!/bin/sh\ncd '{os.getcwd()}' && exec '{sys.executable}' -m tests.host.kernel.init\n")
    init.chmod(0o755)


def _boot(seconds: float, console: Channel, lines: Sequence[Channel]) -> int | None:
    """Return how the kernel's process ended; None when it was ended after ``seconds``."""
    consoles = [f"con{number}=null,fd:{line.descriptor}" for number, line in enumerate((console, *lines))]
    disk = ("root=none", "rootfstype=hostfs", "rootflags=/", "ro")
    process = subprocess.Popen(
        (PROGRAM, *disk, *SETTINGS, "con=null", *consoles),
        stdin=subprocess.DEVNULL,
        stdout=console.descriptor,
        stderr=console.descriptor,
        pass_fds=[line.descriptor for line in (console, *lines)],
        env={**os.environ, "TMPDIR": str(SCRATCH)},
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        process.kill()
        _kill_the_rest()
        process.wait()


def _kill_the_rest() -> None:
    """End what the kernel left: each process in there is one out here, and holds the pipes."""
    if os.getpid() == 1:  # of namespaces of its own; anywhere else all the machine's processes would be meant
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)


def _reason(ended: int | None, seconds: float, last: Sequence[str]) -> str:
    if ended is None:
        return f"not done after {seconds:.0f} s, and ended; it said last: {last[-1] if last else 'nothing'}"
    panic = [line for line in last if "Kernel panic" in line or "init: " in line]
    said = (panic or last or ["nothing"])[-1]
    return f"the kernel ended (status {ended}) before the command did; it said: {said}"
