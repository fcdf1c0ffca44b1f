"""The image of ovs-docker, built by its own Dockerfile on a base made of the Python that runs the tests.

There is no registry on the private host: the base has the name of the one in the Dockerfile, and its pip shows Python
what is installed here instead of fetching it.
"""

import runpy
import sys
import sysconfig
from importlib.metadata import Distribution
from pathlib import Path

from tests.integration.support.commands import run
from tests.integration.support.file_tree import Tree, libraries, program

ROOT = Path(__file__).parents[3]
DOCKERFILE = ROOT / ".release/Dockerfile"
NAME = "ovs-docker"

# Of the standard library: what is big, and imported by nothing here.
NOT_NEEDED = ("site-packages", "test", "idlelib", "ensurepip", "tkinter", "lib2to3", "turtledemo", "pydoc_data")
PIP = """#!/bin/sh
[ "$*" = "install --no-cache-dir /src" ] && mkdir -p {sites} && echo /packages >{sites}/fetched.pth
"""


def load() -> None:
    """Build the image, if this host has none yet."""
    if run("docker", "image", "inspect", NAME).code != 0:
        _load_base()
        words = (f"--file={DOCKERFILE}", f"--tag={NAME}", str(ROOT))
        run("docker", "build", *words, env={"DOCKER_BUILDKIT": "0"}, check=True)


def _load_base() -> None:
    interpreter, library = Path(sys.executable).resolve(), Path(sysconfig.get_path("stdlib"))
    tree = Tree()
    tree.add(interpreter, *libraries(interpreter, *library.glob("lib-dynload/*.so")))
    tree.add(*(path for path in sorted(library.iterdir()) if _is_needed(path)))
    tree.add_busybox("sh", "mkdir")
    tree.add(program("busybox"), places=["/usr/bin/env"])
    for name in ("python", "python3"):
        tree.write(f"/bin/{name}", f'#!/bin/sh\nexec {interpreter} "$@"\n', mode=0o755)
    _add_packages(tree, _sites(interpreter))
    base = next(line.split()[1] for line in DOCKERFILE.read_text().splitlines() if line.startswith("FROM"))
    tree.load(base, ["python3"], {"PATH": "/usr/local/bin:/bin"})


def _sites(interpreter: Path) -> str:
    """Return where this Python looks for packages; Debian's has no site-packages."""
    return run(str(interpreter), "-I", "-c", "import site; print(site.getsitepackages()[0])", check=True).out.strip()


def _is_needed(path: Path) -> bool:
    return path.name not in NOT_NEEDED and not path.name.startswith("config-")


def _add_packages(tree: Tree, sites: str) -> None:
    """Put what ovs-docker is made of where only the stage that runs pip finds it."""
    found: dict[str, Distribution] = {}
    runpy.run_path(str(ROOT / ".release/zipapp.py"))["distributions"]("ovs-docker", found)
    for distribution in found.values():
        for file in distribution.files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                tree.add(Path(str(file.locate())), places=[f"/packages/{file}"])
    tree.write("/bin/pip", PIP.format(sites=sites), mode=0o755)
