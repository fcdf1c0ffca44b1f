#!/usr/bin/env python3
"""Writes ovs-docker.pyz: the package and all that it needs in one file, which any python3 from 3.10 on runs.

It takes what is installed beside the Python that runs this (`tox -e zipapp` sees to that); nothing is fetched here.
"""

import os
import re
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from py_compile import PycInvalidationMode
from py_compile import compile as compile_file
from tempfile import TemporaryDirectory

# Every Python 3 can read this one, so that an old one says what is wrong.
MAIN = """\
import sys

if sys.version_info < (3, 10):
    sys.exit("ovs-docker: needs Python 3.10 or newer, this is %d.%d (%s)" % (*sys.version_info[:2], sys.executable))

from ovs_docker.cli import entry

entry()
"""
SHEBANG = b"#!/usr/bin/env python3\n"
LONG_AGO = (1980, 1, 1, 0, 0, 0)

OURS = "ovs-docker"  # with the extra that its driver needs, if it is installed

# Compiled parts speed their packages up and bind them to one Python; each of these packages also works without.
# The others are netaddr's registry of hardware makers, 9 MB that only its EUI.oui and EUI.iab read.
REGISTRY = tuple(f"netaddr/eui/{name}" for name in ("oui.txt", "iab.txt", "oui.idx", "iab.idx"))
LEFT_OUT = (".so", ".pyc", ".pyi", *REGISTRY)
OF_METADATA = re.compile(r"[^/]+\.dist-info/(METADATA|AUTHORS.*|LICENSE.*|NOTICE.*|licenses/.+)")

# requests asks certifi for its certificates when it is imported, and certifi would unpack them into a temporary file
# at each call. What talks to Docker here does so over a socket of this host, without TLS.
CERTIFI = '''"""Takes the place of the package certifi: where the system keeps its certificates."""


def where() -> str:
    return "/etc/ssl/certs/ca-certificates.crt"
'''


def distributions(name: str, found: dict[str, Distribution]) -> dict[str, Distribution]:
    """Add the distribution and all that it requires, without others' extras, to ``found``."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key not in found:
        found[key] = distribution(name)
        for requirement in found[key].requires or ():
            words, _, condition = requirement.partition(";")
            if "extra" not in condition or (key == OURS and '"driver"' in condition.replace("'", '"')):
                _add_required(re.split(r"[^\w.-]", words.strip())[0], condition, found)
    return found


def _add_required(name: str, condition: str, found: dict[str, Distribution]) -> None:
    try:
        distributions(name, found)
    except PackageNotFoundError:
        if not condition:  # else it is for other systems: pip has judged that
            raise


def contents(source: Distribution) -> Iterator[tuple[str, Path]]:
    """Yield name in the archive and path of each file that a distribution brings along, licences included."""
    for file in source.files or ():
        name = file.as_posix()
        inside = not name.startswith("..") and "__pycache__" not in name
        if inside and not name.endswith(LEFT_OUT) and (".dist-info/" not in name or OF_METADATA.fullmatch(name)):
            yield name, Path(str(file.locate()))


def byte_code(path: Path, name: str, scratch: Path) -> bytes:
    """Compile a module. Without a time stamp; a Python of another version passes it over and takes the source."""
    target = scratch / "module.pyc"
    compile_file(str(path), str(target), name, doraise=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return target.read_bytes()


def members() -> dict[str, bytes]:
    """Return everything that goes into the archive, by name."""
    found = {"__main__.py": MAIN.encode(), "certifi.py": CERTIFI.encode()}
    with TemporaryDirectory() as scratch:
        for key, source in distributions("ovs-docker", {}).items():
            for name, path in contents(source) if key != "certifi" else ():
                found[name] = path.read_bytes()
                if name.endswith(".py"):
                    found[f"{name}c"] = byte_code(path, name, Path(scratch))
    if "ovs_docker/cli/__init__.py" not in found:
        sys.exit("zipapp.py: ovs-docker is not installed from a wheel beside this Python: use tox -e zipapp")
    return found


def write(target: Path) -> None:
    """Write the archive: the same bytes whenever the same is installed."""
    inside = members()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        file.write(SHEBANG)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(inside.items()):
                entry = zipfile.ZipInfo(name, LONG_AGO)
                entry.create_system, entry.external_attr = 3, 0o100644 << 16
                archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    target.chmod(0o755)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: zipapp.py FILE")
    if os.environ.get("PYTHONHASHSEED") != "0":  # before 3.11 byte code has sets in the order of their hashes
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    write(Path(sys.argv[1]))
