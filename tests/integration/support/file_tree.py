"""Images made of this machine's own files: programs with the libraries they need, fetched from nowhere.

What is in which image is said in ovs_image.py and tool_image.py.
"""

import io
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.host.programs import SYSTEM_PATH
from tests.integration.support.commands import run


def program(name: str) -> Path:
    """Return the path of one of the distribution's programs."""
    return Path(shutil.which(name, path=SYSTEM_PATH) or name)


def libraries(*binaries: Path) -> list[Path]:
    """Return the shared libraries that binaries need, the dynamic linker with them, by the paths where they look."""
    said = run("ldd", *map(str, binaries), check=True).out
    return sorted({Path(path) for path in re.findall(r"^\t(?:\S+ => )?(/\S+) \(0x", said, flags=re.MULTILINE)})


class Tree:
    """The files of an image to be; the last that is put in a place is the one that is there."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._archive = tarfile.TarFile(fileobj=self._buffer, mode="w")

    def add(self, *paths: Path, places: Sequence[str] = ()) -> None:
        """Put files or directories where they are on this machine, or in ``places``; links become what they lead to."""
        for path, place in zip(paths, places or map(str, paths), strict=True):
            self._archive.add(path.resolve(), place.lstrip("/"), filter=_of_root)

    def add_programs(self, *names: str) -> None:
        """Put programs where they are found, and their libraries."""
        paths = [program(name) for name in names]
        self.add(*paths, *libraries(*paths))

    def add_busybox(self, *applets: str) -> None:
        """Put busybox into /bin, by these names."""
        for applet in applets:
            self.add(program("busybox"), places=[f"/bin/{applet}"])

    def write(self, place: str, text: str, mode: int = 0o644) -> None:
        """Put a file with this text."""
        entry = tarfile.TarInfo(place.lstrip("/"))
        entry.size, entry.mode = len(text.encode()), mode
        self._archive.addfile(entry, io.BytesIO(text.encode()))

    def make_directories(self, *places: str) -> None:
        """Put empty directories."""
        for place in places:
            entry = tarfile.TarInfo(place.lstrip("/"))
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            self._archive.addfile(entry)

    def load(self, name: str, entrypoint: Iterable[str], env: Mapping[str, str], *changes: str) -> None:
        """Import the files into the engine as image ``name``; ``changes`` are further lines of a Dockerfile."""
        self._archive.close()
        lines = [f"ENTRYPOINT {json.dumps(list(entrypoint))}", *(f"ENV {key}={value}" for key, value in env.items())]
        command = ["docker", "import", *(f"--change={line}" for line in [*lines, *changes]), "-", name]
        subprocess.run(command, input=self._buffer.getvalue(), stdout=subprocess.DEVNULL, check=True)


def _of_root(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if "__pycache__" in entry.name.split("/"):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry
