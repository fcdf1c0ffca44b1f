"""The man page's synopsis of add-port and add-ports, composed from the option table; `tox -e synopsis` writes it.

The other verbs have few options, and their synopses are written by hand.
"""

import re

from ovs_docker.parse.options import PORT, Option
from tests.house.checkout import ROOT

PAGE = ROOT / "man/ovs-docker.8"
BEGIN, END = '.\\" Options of a port: tox -e synopsis\n', '.\\" End of options of a port\n'


def composed() -> str:
    """Return the lines for the options of a port."""
    return "".join(map(_line, PORT))


def _line(option: Option) -> str:
    value = re.sub(r"[A-Z]+(-[A-Z]+)*", lambda word: f"\\fI{word[0]}\\fR", option.metavar).replace("…", "...")
    name = f"--{option.name}{'=' if value else ''}".replace("-", "\\-")
    return f".RB [ {name}{value} ]{'...' if option.many else ''}\n"


def written(page: str) -> str:
    """Return the page with the options in both places."""
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: BEGIN + composed() + END, page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
