"""Stand-ins for what the documents take from elsewhere: images of a registry, by their names, and sudo.

There is no registry on the private host. The images hold what the documents use of the real ones; that of ovs-docker
itself is in tool_image.py, that of Open vSwitch in ovs_image.py.
"""

from pathlib import Path

from tests.host import image
from tests.integration.support import lone_switch, ovs_image
from tests.integration.support.commands import docker
from tests.integration.support.file_tree import Tree

BUSYBOX = ("sh", "sleep", "ping", "nc", "sed", "timeout")
# A static busybox's own wget crashes when it looks a name up.
WGET = r"""#!/bin/sh
host=${4#http://}
printf 'GET / HTTP/1.0\r\n\r\n' | timeout 8 nc ${host%/} 80 | sed '1,/^\r*$/d'
"""


def images() -> None:
    """Make busybox, nginx, postgres and an image with both daemons of Open vSwitch."""
    _busybox()
    _nginx()
    docker("tag", image.NAME, "postgres")  # nothing but its name is used
    ovs_image.load()
    _both_daemons()


def _busybox() -> None:
    tree = Tree()
    tree.add_busybox(*BUSYBOX)
    tree.write("/bin/wget", WGET, mode=0o755)
    tree.load("busybox", [], {"PATH": "/bin"})


def _nginx() -> None:
    tree = Tree()
    tree.add_busybox("httpd")
    tree.write("/www/index.html", "<h1>Welcome to nginx!</h1>\n")
    tree.load("nginx", ["httpd", "-f", "-p", "80", "-h", "/www"], {"PATH": "/bin"})


def _both_daemons() -> None:
    """Make Open vSwitch's image into one whose only process starts both, as lone_switch does by its words."""
    docker("create", "--name=both", "--entrypoint=/bin/sh", ovs_image.NAME, "-c", lone_switch.program())
    docker("commit", "both", "my-ovs-image")
    docker("rm", "both")


def write_programs(directory: Path, **scripts: str) -> None:
    """Write a sudo that hands its words on, for machines that have none, and further programs, as lines of sh."""
    directory.mkdir()
    for name, line in {"sudo": 'exec "$@"', **scripts}.items():
        (directory / name).write_text(f"#!/bin/sh\n{line}\n")
        (directory / name).chmod(0o755)
