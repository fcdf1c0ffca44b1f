"""OVN for tests: a chassis of its own on the private host, a logical network to attach to, and how that looks.

The daemons are tests/host/ovn.py's; clusters of databases cluster.py's.
"""

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

from tests.host import ovn, programs
from tests.house.checkout import missing
from tests.integration.support import refusal
from tests.integration.support.commands import ovs, run
from tests.integration.support.processes import wait_until

SAID = "ovn-installed"
"""What ovn-controller says of an interface; it says it anew after every restart."""

TABLES = {
    "Logical_Switch": ("other_config", "external_ids"),
    "Logical_Switch_Port": ("type", "addresses", "port_security", "dynamic_addresses", "options", "external_ids"),
    "Logical_Router": ("external_ids",),
    "Logical_Router_Port": ("mac", "networks", "external_ids"),
}


def nb(*words: str) -> str:
    """Return what ovn-nbctl prints; a failure fails the test."""
    return run("ovn-nbctl", "--timeout=20", *words, check=True).out.strip()


def require() -> None:
    """Skip where OVN is not installed; in CI a skipped test would look like a passed one."""
    if lacking := [str(program) for program in programs.missing("tests") if program.package.startswith("ovn-")]:
        missing(f"{', '.join(lacking)} is not installed")


def start() -> None:
    """Start all of OVN on this host."""
    ovn.start_central()
    ovn.start_chassis("host1", "127.0.0.1")


def stop() -> None:
    ovn.stop_all()
    ovs("--if-exists", "del-br", "br-int")


def empty() -> None:
    """Remove the whole logical network."""
    for switch in nb("--bare", "--columns=_uuid", "list", "Logical_Switch").split():
        nb("ls-del", switch)
    for router in nb("--bare", "--columns=_uuid", "list", "Logical_Router").split():
        nb("lr-del", router)


def ready() -> None:
    """Wait until ovn-controller has made its integration bridge, which earlier tests may have deleted."""
    wait_until(lambda: "br-int" in ovs("list-br").split())
    ovs("--if-exists", "del-port", "br-int", "nothing")  # waits for vswitchd


@contextlib.contextmanager
def network() -> Iterator[None]:
    """Remove at the end of the with block what it has made in the logical network."""
    ready()
    yield
    empty()


def switch(name: str, subnet: str = "", router: str = "", address: str = "") -> None:
    """Make a logical switch; with ``router``, connect it to that one, which has ``address`` on it."""
    nb("ls-add", name)
    if subnet:
        nb("set", "Logical_Switch", name, f"other_config:subnet={subnet}")
    if router:
        ours, theirs = f"{router}-{name}", f"{name}-{router}"
        nb("--may-exist", "lr-add", router)
        nb("lrp-add", router, ours, f"0a:00:00:00:{len(name):02x}:{sum(map(ord, name)) % 256:02x}", address)
        words = ("lsp-set-type", theirs, "router", "--", "lsp-set-addresses", theirs, "router")
        nb("lsp-add", name, theirs, "--", *words, "--", "lsp-set-options", theirs, f"router-port={ours}")


def both() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return host and logical network as one value."""
    host = refusal.picture()
    for row in host["interface"].values():
        row["external_ids"] = {key: value for key, value in row["external_ids"].items() if not key.startswith(SAID)}
    return host, picture()


@contextlib.contextmanager
def nothing_changed() -> Iterator[None]:
    """See that host, containers and both databases are after the with block what they were before."""
    before = both()
    yield
    assert both() == before


def without_state(row: str) -> str:
    """Return a row as text without what ovn-controller says of it."""
    return re.sub(rf'{SAID}(-ts)?="\w+", ', "", row)


def port(name: str) -> dict[str, Any]:
    """Return a logical port as the database has it."""
    return dict(picture()["Logical_Switch_Port"][name])


def ports() -> dict[str, list[str]]:
    """Return the names of the logical ports by switch."""
    return {name: row["ports"] for name, row in picture()["Logical_Switch"].items()}


def picture() -> dict[str, Any]:
    """Return the logical network as one value, with names in place of row ids."""
    ports_of = {row["name"]: row["ports"] for row in _rows("Logical_Switch", ("name", "ports"))}
    names = {row["_uuid"][1]: row["name"] for row in _rows("Logical_Switch_Port", ("_uuid", "name"))}
    found = {
        table: {row.pop("name"): row for row in _rows(table, ("name", *columns))} for table, columns in TABLES.items()
    }
    for name, held in ports_of.items():
        members = held[1] if held[0] == "set" else [held]
        found["Logical_Switch"][name]["ports"] = sorted(names[uuid] for _, uuid in members)
    return found


def _rows(table: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    printed = json.loads(nb("--format=json", f"--columns={','.join(columns)}", "list", table))
    return [dict(zip(printed["headings"], row, strict=True)) for row in printed["data"]]
