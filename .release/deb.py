#!/usr/bin/env python3
"""Writes ovs-docker_VERSION_all.deb: what zipapp.py gathers, laid out as a Debian package that diverts the script.

`tox -e deb` runs it. What dpkg runs of it, and what it says of itself, is in .release/debian/.
"""

import gzip
import hashlib
import os
import runpy
import shutil
import subprocess
import sys
from email.utils import formatdate
from importlib.metadata import Distribution, distribution
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
ZIPAPP = runpy.run_path(str(HERE / "zipapp.py"))
PRIVATE = "usr/share/ovs-docker"
DOCS = "usr/share/doc/ovs-docker"
COPIED = {
    "completions/ovs-docker.bash": "usr/share/bash-completion/completions/ovs-docker",
    "completions/_ovs-docker": "usr/share/zsh/vendor-completions/_ovs-docker",
    "completions/ovs-docker.fish": "usr/share/fish/vendor_completions.d/ovs-docker.fish",
    ".release/debian/ovs-docker.rtupdate": "usr/share/python3/runtime.d/ovs-docker.rtupdate",
}
PACKED = {"man/ovs-docker.8": "usr/share/man/man8/ovs-docker.8.gz", "CHANGELOG.md": f"{DOCS}/changelog.gz"}
SCRIPTS = ("preinst", "postinst", "prerm", "postrm")
UNITS = ("ovs-docker.service", "ovs-docker-driver.service")

# -I: nothing of the caller's environment; -S: nothing of the system's packages, all that is needed is here.
PROGRAM = f"""\
#!/usr/bin/python3 -IS
import sys

sys.path.insert(0, "/{PRIVATE}")
from ovs_docker.cli import entry

entry()
"""


def version() -> str:
    return distribution("ovs-docker").version


def put(root: Path, name: str, data: bytes, mode: int = 0o644) -> None:
    """Write a file of the package, and the directories above it."""
    target = root / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    target.chmod(mode)


def lay_out(root: Path) -> None:
    """Write everything that the package installs. The byte code is made where it is installed, by that Python."""
    for name, data in ZIPAPP["members"]().items():
        if name != "__main__.py" and not name.endswith(".pyc"):
            put(root, f"{PRIVATE}/{name}", data)
    put(root, "usr/bin/ovs-docker", PROGRAM.encode(), 0o755)
    for source, target in COPIED.items():
        put(root, target, (HERE.parent / source).read_bytes(), 0o755 if target.endswith(".rtupdate") else 0o644)
    for source, target in PACKED.items():
        put(root, target, gzip.compress((HERE.parent / source).read_bytes(), 9, mtime=0))
    for name in UNITS:
        unit = (HERE / name).read_text().replace("/usr/local/bin/", "/usr/bin/")
        put(root, f"usr/lib/systemd/system/{name}", unit.encode())
    put(root, f"{DOCS}/changelog.Debian.gz", gzip.compress(debian_changelog().encode(), 9, mtime=0))
    put(root, f"{DOCS}/copyright", copyright().encode())


def debian_changelog() -> str:
    date = formatdate((HERE.parent / "CHANGELOG.md").stat().st_mtime)
    maintainer = "ovs-docker maintainers <ovs-docker@users.noreply.github.com>"
    return f"ovs-docker ({version()}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- {maintainer}  {date}\n"


def copyright() -> str:
    """Return whose each part is, and under which licence."""
    lines = ["Copyright the authors of ovs-docker: Apache-2.0 (/usr/share/common-licenses/Apache-2.0).", ""]
    lines += ["It contains:", ""]
    for key, source in sorted(ZIPAPP["distributions"]("ovs-docker", {}).items()):
        if key in ("ovs-docker", "certifi"):
            continue
        name, author = f"{source.metadata['Name']} {source.version}", field(source, "Author", "Author-email")
        lines.append(f"- {name}, Copyright {author}: {field(source, 'License-Expression', 'License')}")
        lines.append(f"  (/{PRIVATE}/{source_name(source)})")
    return "\n".join(lines) + "\n"


def field(source: Distribution, *names: str) -> str:
    """Return the first of these fields that a distribution has."""
    found = [source.metadata[name] for name in names if name in source.metadata]
    return " ".join(found[0].split()) if found else "as its METADATA says"


def source_name(source: Distribution) -> str:
    """Return the name of the directory that describes a distribution."""
    return next(file.parts[0] for file in source.files or () if file.parts[0].endswith(".dist-info"))


def control(root: Path) -> None:
    """Write what dpkg reads: name, version, sums, and the scripts that it runs."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files) // 1024
    said = (HERE / "debian/control").read_text().format(version=version(), size=size)
    put(root, "DEBIAN/control", said.encode())
    table = "".join(f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n" for path in files)
    put(root, "DEBIAN/md5sums", table.encode())
    for script in SCRIPTS:
        put(root, f"DEBIAN/{script}", (HERE / "debian" / script).read_bytes(), 0o755)


def write(directory: Path) -> Path:
    """Write the package into a directory, and return its path."""
    os.umask(0o022)
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / f"ovs-docker_{version()}_all.deb"
    with TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        lay_out(root)
        control(root)
        build = ["dpkg-deb", "--root-owner-group", "--build", str(root), str(target)]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    return target


if __name__ == "__main__":
    if not shutil.which("dpkg-deb"):
        sys.exit("deb.py: dpkg-deb is needed (Debian's package dpkg)")
    print(write(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")))
