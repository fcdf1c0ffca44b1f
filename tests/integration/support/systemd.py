"""A real systemd that runs the documents' unit on the private host: as root's user manager, because process 1 is taken.

The same program reads the same unit as on a whole machine; it knows no unit but the ones given to it here.
"""

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.host import MARK
from tests.integration.support import documents
from tests.integration.support.commands import OURS, Result, run
from tests.integration.support.fleet import wait_until

MANAGER = "/usr/lib/systemd/systemd"
UNIT = "ovs-docker.service"
CGROUPS = Path("/sys/fs/cgroup")
BOOTED = Path("/run/systemd/system")
"""The sign of a machine on which systemd is process 1 (sd_booted(3)); without it no manager starts."""
# What every service orders itself after or before (systemd.special(7)).
TARGETS = ("basic", "default", "shutdown")


def unit(watchdog: str = "180") -> str:
    """Return the documents' unit, with the command that is installed here, and maybe less patience."""
    text = documents.block("ini", "ExecStart=")
    for said, meant in (("/usr/local/bin/ovs-docker", OURS), ("WatchdogSec=180", f"WatchdogSec={watchdog}")):
        assert said in text
        text = text.replace(said, meant)
    return text


class Systemd:
    """A running systemd, and systemctl to talk to it."""

    def __init__(self, directory: Path, unit: str) -> None:
        self._env = {
            "XDG_RUNTIME_DIR": str(directory),
            "SYSTEMD_UNIT_PATH": str(directory),
            "SYSTEMD_GENERATOR_PATH": "",
            "SYSTEMD_LOG_TARGET": "console",
        }
        for target in TARGETS:
            (directory / f"{target}.target").write_text("[Unit]\nDefaultDependencies=no\n")
        (directory / UNIT).write_text(unit)
        self.log = directory / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [MANAGER, "--user"],
                env={**os.environ, **self._env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_enter_cgroups,
            )

    def ctl(self, *words: str) -> Result:
        """Run systemctl."""
        return run("systemctl", "--user", *words, env=self._env)

    def shows(self, name: str) -> str:
        """Return a property of the unit (org.freedesktop.systemd1(5))."""
        return self.ctl("show", "--value", f"--property={name}", UNIT).out.strip()

    def end(self) -> None:
        """Stop the unit, then the manager itself."""
        self.ctl("stop", UNIT)
        self.process.send_signal(signal.SIGRTMIN + 24)  # systemd(1): exit at once
        self.process.wait(20)


def _enter_cgroups() -> None:
    """Give systemd a group of its own below the host's, which is removed with the host."""
    for hierarchy in (CGROUPS, CGROUPS / "unified", CGROUPS / "systemd"):
        if (hierarchy / "cgroup.procs").exists():
            group = hierarchy / os.environ[MARK] / "manager"
            group.mkdir(parents=True, exist_ok=True)
            (group / "cgroup.procs").write_text(str(os.getpid()))


@contextlib.contextmanager
def running(unit: str) -> Iterator[Systemd]:
    """Run a systemd that knows this unit for the length of a with block. It starts nothing by itself."""
    BOOTED.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir="/run") as directory:  # its socket's path must be short
        systemd = Systemd(Path(directory), unit)
        try:
            wait_until(lambda: systemd.ctl("show").code == 0)
            yield systemd
        finally:
            systemd.end()
            BOOTED.rmdir()
