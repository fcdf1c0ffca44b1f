"""A real systemd that runs the installed unit on the private host: as root's user manager, because process 1 is taken.

The same program reads the same unit as on a whole machine; it knows no unit but the ones given to it here.
"""

import contextlib
import os
import re
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.host import MARK
from tests.house.checkout import text
from tests.integration.support import zipapp
from tests.integration.support.commands import Result, run
from tests.integration.support.fleet import wait_until

MANAGER = "/usr/lib/systemd/systemd"
UNIT = "ovs-docker.service"
CGROUPS = Path("/sys/fs/cgroup")
BOOTED = Path("/run/systemd/system")
"""The sign of a machine on which systemd is process 1 (sd_booted(3)); without it no manager starts."""
INACCESSIBLE = Path("/run/systemd/inaccessible")
"""What process 1 mounts over files that a service must not see; root's user manager takes it from there."""
# What every service orders itself after or before (systemd.special(7)).
TARGETS = ("basic", "default", "shutdown")


PROGRAM = Path("/run/ovs-docker.pyz")
"""The command as one file, where the unit's confinement lets it be seen: a checkout may be in /home or /tmp."""


def setting(name: str) -> str:
    """Return the value of a setting that the unit has once."""
    (value,) = re.findall(f"^{name}=(.*)$", text(f".release/{UNIT}"), flags=re.MULTILINE)
    return str(value)


def unit(**others: str) -> str:
    """Return the unit with the command that is tested here; `others` are settings that have another value."""
    if not PROGRAM.exists():
        zipapp.build(PROGRAM)
    found = text(f".release/{UNIT}")
    for name, value in {"ExecStart": f"{PROGRAM} watch --labels", **others}.items():
        found = found.replace(f"\n{name}={setting(name)}\n", f"\n{name}={value}\n")
    return found


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
        self.log, self._said = directory / "log", directory / "said"
        (directory / f"{UNIT}.d").mkdir()
        (directory / f"{UNIT}.d/log.conf").write_text(f"[Service]\nStandardOutput=append:{self._said}\n")
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

    def said(self) -> str:
        """Return what the unit has logged; there is no journal here."""
        return self._said.read_text() if self._said.exists() else ""

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


def _make_inaccessible() -> None:
    (INACCESSIBLE / "dir").mkdir(parents=True, exist_ok=True)
    for name, kind in (("reg", stat.S_IFREG), ("fifo", stat.S_IFIFO), ("sock", stat.S_IFSOCK)):
        with contextlib.suppress(FileExistsError):
            os.mknod(INACCESSIBLE / name, kind)
    for path in INACCESSIBLE.iterdir():
        path.chmod(0)


@contextlib.contextmanager
def running(unit: str) -> Iterator[Systemd]:
    """Run a systemd that knows this unit for the length of a with block. It starts nothing by itself."""
    BOOTED.mkdir(parents=True, exist_ok=True)
    _make_inaccessible()
    with tempfile.TemporaryDirectory(dir="/run") as directory:  # its socket's path must be short
        systemd = Systemd(Path(directory), unit)
        try:
            wait_until(lambda: systemd.ctl("show").code == 0)
            yield systemd
        finally:
            systemd.end()
            BOOTED.rmdir()


def in_the_machines_user_namespace() -> bool:
    """Tell whether a confined service stays there: a user manager newer than Debian 12's gives it one of its own."""
    with running(unit(Type="exec", ExecStart="sleep 60")) as manager:
        manager.ctl("start", UNIT)
        return os.readlink(f"/proc/{manager.shows('MainPID')}/ns/user") == os.readlink("/proc/self/ns/user")
