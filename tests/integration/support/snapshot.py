"""The whole picture of the host as one value: what its kernel, its database and its containers hold.

Nothing here changes anything; the same picture before and after means that a command left no trace. MACs of
the host's links are left out, because a bridge takes its own from its ports, and so are OpenFlow numbers, which
vswitchd chooses, and their record.
"""

import json
import os
from typing import Any

from tests.integration.support.commands import docker, in_namespace, ovs, run

Picture = dict[str, Any]

COLUMNS = {
    "bridge": ("datapath_type", "ports"),
    "port": ("tag", "trunks", "vlan_mode", "external_ids", "interfaces", "fake_bridge"),
    "interface": ("type", "external_ids", "options", "ofport_request", "mtu_request", "mac"),
}
READ_SYSCTLS = "grep -H . /proc/sys/net/ipv6/conf/*/disable_ipv6"


def snapshot() -> Picture:
    """Read everything, as it is."""
    host_links = {name: {**link, "mac": None} for name, link in _links(run("ip", "-json", "link").out).items()}
    return {**_database(), "links": host_links, "netns": _netns(), "containers": _containers()}


def _database() -> Picture:
    tables = {table: _table(table) for table in COLUMNS}
    names = {row["_uuid"]: name for rows in tables.values() for name, row in rows.items()}
    for row in tables["interface"].values():
        row["external_ids"].pop("ovs-docker-ofport", None)
    for row in tables["bridge"].values():
        row["ports"] = sorted(names[port] for port in _listed(row["ports"]))
    for row in tables["port"].values():
        row["interfaces"] = sorted(names[interface] for interface in _listed(row["interfaces"]))
    return tables


def _table(table: str) -> Picture:
    columns = ("_uuid", "name", *COLUMNS[table])
    printed = json.loads(ovs("--format=json", f"--columns={','.join(columns)}", "list", table))
    rows = [dict(zip(printed["headings"], map(_plain, row), strict=True)) for row in printed["data"]]
    return {row.pop("name"): row for row in sorted(rows, key=lambda row: str(row["name"]))}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(value: Any) -> Any:
    """Turn OVSDB's ["set", …], ["map", …] and ["uuid", …] (RFC 7047) into lists, dicts and strings."""
    match value:
        case ["set", members]:
            return sorted((_plain(member) for member in members), key=str)
        case ["map", pairs]:
            return {key: _plain(held) for key, held in sorted(pairs)}
        case ["uuid", text]:
            return text
        case _:
            return value


def _links(printed: str) -> Picture:
    return {link["ifname"]: _link(link) for link in _parsed(printed)}


def _link(link: Picture) -> Picture:
    return {"mtu": link["mtu"], "up": "UP" in link["flags"], "mac": link.get("address")}


def _netns() -> list[str]:
    return sorted(os.listdir("/run/netns")) if os.path.isdir("/run/netns") else []


def _containers() -> Picture:
    running = docker("ps", "--quiet", "--no-trunc").split()
    if not running:
        return {}
    lines = docker("inspect", "--format={{.State.Pid}} {{.Name}}", *running).splitlines()
    return {name.lstrip("/"): _inside(int(pid)) for pid, name in sorted(line.split() for line in lines)}


def _inside(pid: int) -> Picture:
    questions = ("ip -json addr", "ip -json -4 route", "ip -json -6 route", READ_SYSCTLS)
    answers = in_namespace(pid, "sh", "-c", "; echo @; ".join(questions)).out.split("@\n")
    addresses, routes4, routes6, sysctls = answers
    return {
        "links": _links(addresses),
        "addresses": sorted(_addresses(addresses)),
        "routes": sorted(_routes(routes4) + _routes(routes6)),
        "disable_ipv6": dict(sorted(_sysctl(line) for line in sysctls.split())),
    }


def _addresses(printed: str) -> list[str]:
    """Return one line an address, but for the link-local ones, which the kernel adds when it pleases."""
    return [
        f"{link['ifname']} {_address(held)}"
        for link in _parsed(printed)
        for held in link["addr_info"]
        if held["scope"] != "link"
    ]


def _address(held: Picture) -> str:
    return f"{held['local']}/{held['prefixlen']} brd {held.get('broadcast')} scope {held['scope']}"


def _routes(printed: str) -> list[str]:
    return [
        f"{route['dst']} via {route.get('gateway')} dev {route['dev']} metric {route.get('metric', 0)}"
        for route in _parsed(printed)
        if not route["dst"].startswith("fe80:")
    ]


def _sysctl(line: str) -> tuple[str, str]:
    path, _, value = line.partition(":")
    return path.split("/")[-2], value


def _parsed(printed: str) -> list[Picture]:
    return list(json.loads(printed)) if printed.strip() else []
