"""The container image of a private host: busybox and nothing else, made here, fetched from nowhere.

Which containers run from it is up to the tests and the demo.
"""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Sequence

from tests.host.programs import SYSTEM_PATH

NAME = "netsho"
# Process 1 of a container ignores SIGTERM unless it says otherwise, and docker stop would take ten seconds.
COMMAND = '["sh", "-c", "trap exit TERM; sleep infinity & wait"]'
CHANGES = (f"--change=CMD {COMMAND}", "--change=ENV PATH=/bin")


def load(importing: Sequence[str] = ("docker", "import")) -> None:
    """Import the image into an engine; raises CalledProcessError."""
    command = [*importing, *CHANGES, "-", NAME]
    subprocess.run(command, input=_archive(), stdout=subprocess.DEVNULL, check=True)


def _archive() -> bytes:
    busybox = shutil.which("busybox", path=SYSTEM_PATH) or "busybox"
    applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(busybox, "bin/busybox")
        for applet in sorted(set(applets) - {"busybox"}):
            archive.addfile(_link(f"bin/{applet}"))
        archive.addfile(_directory("tmp"))
    return buffer.getvalue()


def _link(name: str) -> tarfile.TarInfo:
    link = tarfile.TarInfo(name)
    link.type, link.linkname = tarfile.SYMTYPE, "busybox"
    return link


def _directory(name: str) -> tarfile.TarInfo:
    directory = tarfile.TarInfo(name)
    directory.type, directory.mode = tarfile.DIRTYPE, 0o1777
    return directory
