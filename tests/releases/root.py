"""Roots of other releases: what debootstrap, apt and pip put into one, once, below .tox.

How a command runs in one is in entry.py.
"""

import fcntl
import hashlib
import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import IO

from tests.host import programs
from tests.releases.checkout import CHECKOUT, ROOT, copy_into
from tests.releases.entry import PYTHON, entered, words

RELEASES = ("trixie", "sid")
"""The releases by Debian's names: 13 and unstable."""

UBUNTUS = ("noble",)
"""24.04, only if it is named: debootstrap checks the signature with the keyring of the package ubuntu-keyring."""

CACHE = ROOT / ".tox/roots"
FOR_UBUNTU = ["--components=main,universe", "--force-check-gpg"]
SCRIPT = Path("/usr/share/debootstrap/scripts/gutsy")
"""What debootstrap knows of all releases of Ubuntu, even if it is older than the release."""

NO_SERVICES = "#!/bin/sh\nexit 101\n"
SETTINGS = ("etc/resolv.conf", "etc/hosts", "etc/pip.conf", "usr/local/share/ca-certificates")
"""What a root has from this machine: how to reach the network."""

NEEDED = ("python3", "python3-venv", "ca-certificates")

ROOM = 4 << 30
"""What has to be free before a root is made, in bytes; it takes less than half."""

SECONDS = 1200
"""How long each program may take: ten times what it takes on an idle machine."""


def made(release: str) -> Path:
    """Return the root of a release, made or brought up to date if it has to be; raises OSError, CalledProcessError.

    It is as new as what it was made from; remove it to have a newer one.
    """
    lock, path = _locked(release), CACHE / release
    if not _is_up_to_date(release):
        fcntl.flock(lock, fcntl.LOCK_EX)
        obstacle = CACHE / f"{release}.obstacle"
        obstacle.write_text("its making was cut short")
        try:
            _make(release, path)
        except (OSError, subprocess.CalledProcessError) as error:
            obstacle.write_text(str(error))
            raise
        obstacle.unlink()
        (CACHE / f"{release}.stamp").write_text(_origin())
        fcntl.flock(lock, fcntl.LOCK_SH)
    return path


def made_before(release: str) -> Path:
    """Return the root of a release, which an earlier run made; OSError says why none did."""
    _locked(release)
    if not _is_up_to_date(release):
        obstacle = CACHE / f"{release}.obstacle"
        reason = obstacle.read_text() if obstacle.exists() else f"python -m tests.releases --make {release} makes it"
        raise OSError(f"there is no root of {release}: {reason}")
    return CACHE / release


def _locked(release: str) -> IO[str]:
    """Lock a root until this process ends: nobody changes it while something runs in it."""
    CACHE.mkdir(parents=True, exist_ok=True)
    lock = (CACHE / f"{release}.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_SH)
    _LOCKS.append(lock)
    return lock


_LOCKS: list[object] = []


def _is_up_to_date(release: str) -> bool:
    stamp = CACHE / f"{release}.stamp"
    return stamp.exists() and stamp.read_text() == _origin()


def _origin() -> str:
    """Return a checksum of the files that say what a root contains."""
    found = hashlib.sha256()
    for name in ("tests/programs.txt", "tests/releases/root.py", "pyproject.toml", "tox.ini"):
        found.update((ROOT / name).read_bytes())
    return found.hexdigest()


def _make(release: str, path: Path) -> None:
    if not path.exists():
        if shutil.disk_usage(CACHE).free < ROOM:
            raise OSError(f"less than {ROOM >> 30} GiB are free in {CACHE}")
        part = path.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        options = FOR_UBUNTU if release in UBUNTUS else []
        _run("debootstrap", "--variant=minbase", *options, release, str(part), *_source(release))
        part.rename(path)
    _bring_settings(path)
    with entered(path, throw_away=False) as root:
        _run(*words(root, "dpkg", "--configure", "-a"))  # if an earlier run was killed
        packages = _available(root, release)
        _run(*words(root, "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "full-upgrade", "--yes"))
        installing = ("apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "install", "--yes", "--no-install-recommends")
        _run(*words(root, *installing, *packages))
        _install_python_packages(root)


def _available(root: Path, release: str) -> list[str]:
    """Return the packages of tests/programs.txt that the release has, and say which it has not."""
    _run(*words(root, "apt-get", "-qq", "update"))
    wanted = sorted({program.package for program in programs.listed() if program.needed_by in ("host", "tests")})
    names = [name for choice in wanted for name in choice.split("|")]
    shown = _output(*words(root, "apt-cache", "show", "--no-all-versions", *names)).splitlines()
    found = list(NEEDED)
    for choice in wanted:
        there = [name for name in choice.split("|") if f"Package: {name}" in shown]
        found += there[:1]
        if not there:
            print(f"{release} has no package {choice}", flush=True)
    return found


def _install_python_packages(root: Path) -> None:
    """Make a venv with all that the checkout needs, so that it can be installed without a network."""
    tox = ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    copy_into(root)
    _run(*words(root, "python3", "-m", "venv", "--clear", str(Path(PYTHON).parent.parent)))
    packages = (CHECKOUT, "hatchling", *tox["testenv"]["deps"].split())
    _run(*words(root, PYTHON, "-m", "pip", "install", "--quiet", *packages))
    shutil.rmtree(root / CHECKOUT.lstrip("/"))


def _bring_settings(path: Path) -> None:
    for name in SETTINGS:
        if (source := Path("/", name)).is_dir():
            shutil.copytree(source, path / name, dirs_exist_ok=True)
        elif source.exists():
            (path / name).unlink(missing_ok=True)
            shutil.copy(source, path / name)
    proxies = [line for line in _output("apt-config", "dump", "Acquire").splitlines() if "proxy" in line.lower()]
    (path / "etc/apt/apt.conf.d/99proxy").write_text("".join(f"{line}\n" for line in proxies))
    (path / "etc/dpkg/dpkg.cfg.d/no-fsync").write_text("force-unsafe-io\n")
    policy = path / "usr/sbin/policy-rc.d"
    policy.write_text(NO_SERVICES)
    policy.chmod(0o755)


def _source(release: str) -> list[str]:
    """Return a mirror, and the script that is not called like the release."""
    if release in UBUNTUS:
        return [*re.findall(r"default_mirror (\S+//archive\S+)", SCRIPT.read_text())[:1], SCRIPT.name]
    # That which this machine has its own packages from, if it is a Debian; otherwise debootstrap knows one.
    known = _output("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian")
    return known.splitlines()[:1]


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _run(*command: str) -> None:
    """Run a command; when it fails its last lines are in the OSError."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{' '.join(command[:6])} … took longer than {SECONDS} seconds") from error
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()[-1000:]
        raise OSError(f"{' '.join(command[:6])} … ended with {done.returncode}: {said}")
