"""README's recipe for Fedora CoreOS, end to end: Open vSwitch in two containers, ovs-docker in a third, traffic.

The images have the names of the real ones and are made of what is installed here.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import services
from tests.integration.support import containers, ovs_image, readme, tool_image
from tests.integration.support.commands import Result
from tests.integration.support.file_tree import Tree

PAGE = "<h1>Welcome to nginx!</h1>\n"
# A static busybox's own wget crashes when it looks a name up.
WGET = r"""#!/bin/sh
host=${4#http://}
printf 'GET / HTTP/1.0\r\n\r\n' | timeout 8 nc ${host%/} 80 | sed '1,/^\r*$/d'
"""


def load_web_server() -> None:
    """Make an image called nginx that serves a page."""
    tree = Tree()
    tree.add_busybox("httpd")
    tree.write("/www/index.html", PAGE)
    tree.load("nginx", ["httpd", "-f", "-p", "80", "-h", "/www"], {"PATH": "/bin"})


def load_client() -> None:
    """Make an image called busybox whose wget works."""
    tree = Tree()
    tree.add_busybox("sh", "sleep", "nc", "sed", "timeout")
    tree.write("/bin/wget", WGET, mode=0o755)
    tree.load("busybox", [], {"PATH": "/bin"})


@pytest.fixture
def coreos(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Turn the host into one that has Docker and nothing else; return what README's words become on it."""
    ovs_image.load()
    tool_image.load()
    load_web_server()
    load_client()
    with services.vswitchd().stopped(), services.ovsdb().stopped():
        yield {"/home/core": str(tmp_path)}
        containers.remove_all()


def test_the_recipe_ends_with_the_client_seeing_the_page(coreos: dict[str, str]) -> None:
    switch = {
        **coreos,
        "sudo ": "",
        "--privileged": " ".join(ovs_image.RIGHTS),
        "  --volume=/lib/modules:/lib/modules \\\n": "",
        "add-br ovs-br0": "add-br ovs-br0 -- set bridge ovs-br0 datapath_type=netdev",
    }
    done = readme.shell(readme.block("sh", "servicefractal/ovs:latest"), switch)
    assert (done.code, done.err) == (0, ""), done
    done = readme.shell(readme.block("sh", "ovs_docker()"), coreos)
    assert Result(done.code, done.out[-len(PAGE) :], done.err) == Result(0, PAGE, "")
