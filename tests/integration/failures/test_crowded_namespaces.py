"""Containers that may change their own network, and do: what they pile up there is their own trouble.

Rows that somebody has written into are in test_damaged_rows.py.
"""

import sys
from pathlib import Path

import pytest

from tests.integration.support import fleet
from tests.integration.support.commands import OURS, Result, in_namespace, ours, run, script
from tests.integration.support.containers import Container

DONE = Result(0, "", "")
MEASURE = (
    "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:]).returncode; "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
)
ROUTES = [f"route add 11.{n >> 16}.{n >> 8 & 255}.{n & 255} dev lo" for n in range(100_000)]


def pile_up(container: Container, directory: Path, lines: list[str]) -> None:
    """Have ip(8) carry out many lines in the container's namespace."""
    (directory / "batch").write_text("\n".join(["link set lo up", *lines]))
    assert in_namespace(container.pid, "ip", "-batch", str(directory / "batch")).code == 0


def kib(*words: str) -> int:
    """Run ours, which must go well; return the memory that it took at most."""
    return int(run(sys.executable, "-c", MEASURE, OURS, *words, check=True).out.splitlines()[-1])


def test_a_hundred_thousand_routes_cost_no_memory(bridge: str, c1: Container, tmp_path: Path) -> None:
    add = ("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.2/24,2001:db8::2/64", "--gateway=10.0.0.1,fe80::1")
    before = [kib(*add), kib("check")]
    ours("del-port", bridge, "eth0", "c1", check=True)
    pile_up(c1, tmp_path, ROUTES)
    assert [now - then < 20_000 for now, then in zip([kib(*add), kib("check")], before, strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([f"route add default dev {('lo', 'eth0')[n % 2]} metric {n}" for n in range(1, 2400)], "routes"),
        ([f"addr add 11.{n >> 8}.{n & 255}.1/24 dev eth0" for n in range(1200)], "addresses"),
    ],
    ids=["routes", "addresses"],
)
def test_what_nobody_wants_so_many_of_is_its_own_trouble(
    bridge: str, c1: Container, c2: Container, tmp_path: Path, lines: list[str], said: str
) -> None:
    wishes = [fleet.port(name, n, gateway="10.0.0.254") for n, name in enumerate(("c1", "c2"), 1)]
    file = fleet.ports_file(tmp_path, wishes)
    ours("add-ports", f"--file={file}", check=True)
    pile_up(c1, tmp_path, lines)
    done = ours("check")
    refusal = f"there are more than 1000 {said} in the container"
    assert (done.code, done.out.count(refusal), done.out.count("ok     port")) == (1, 1, 1)
    if said == "routes":
        refusal = "there are more than 1000 default routes in the container"
        ours("del-ports", bridge, "--all", check=True)
        done = ours("add-ports", f"--file={file}", "--keep-going")
        assert (done.code, done.err.count(refusal), list(fleet.attached())) == (1, 1, ["c2/eth0"])


def test_addresses_that_nobody_wants_are_not_adopted(bridge: str, c1: Container, c2: Container, tmp_path: Path) -> None:
    for name in ("c1", "c2"):
        script("add-port", bridge, "eth0", name, check=True)
    pile_up(c1, tmp_path, [f"addr add 11.{n >> 8}.{n & 255}.1/24 dev eth0" for n in range(1200)])
    done = ours("sync", "--adopt")
    assert (done.code, done.out.count("adopted port"), done.err.count("more than 1000 addresses")) == (1, 1, 1)
    assert ours("list-ports").code == 0


ODD = [
    ["addr del 127.0.0.1/8 dev lo", "addr add 11.0.0.1/24 dev eth0", "route add default via 127.0.0.1 dev eth0 onlink"],
    ["addr add 11.0.0.1 peer 11.0.0.9 dev eth0"],
]


@pytest.mark.parametrize(("lines", "code"), [(ODD[0], 1), (ODD[1], 0)], ids=["gateway", "peer"])
def test_what_no_record_can_say_is_its_own_trouble_when_it_is_adopted(
    bridge: str, c1: Container, c2: Container, tmp_path: Path, lines: list[str], code: int
) -> None:
    for name in ("c1", "c2"):
        script("add-port", bridge, "eth0", name, check=True)
    pile_up(c1, tmp_path, ["link set eth0 up", *lines])
    done = ours("sync", "--adopt")
    refused = "ovs-docker-gateway is a loopback address" in done.err
    assert (done.code, done.out.count("adopted port"), refused) == (code, 2 - code, bool(code)), done
    assert "11.0.0.1/" in ours("list-ports", check=True).out


def test_a_default_route_of_the_last_metric_is_told(bridge: str, c1: Container, tmp_path: Path) -> None:
    pile_up(c1, tmp_path, ["route add default dev lo metric 4294967295"])
    done = ours("add-port", bridge, "eth0", "c1", "--ipaddress=10.0.0.2/24", "--gateway=10.0.0.1")
    assert (done.code, done.err) == (1, "ovs-docker: --gateway=10.0.0.1: the kernel refused it: File exists\n")


def test_an_interface_whose_name_is_not_text_is_no_obstacle(bridge: str, c1: Container) -> None:
    ours("add-port", bridge, "eth0", "c1", check=True)
    odd = ["ip", "link", "add", b"\xff\x1b[2J", "type", "veth", "peer", "name", b"\xfe"]
    assert in_namespace(c1.pid, *odd).code == 0  # type: ignore[arg-type]
    assert (ours("check").code, ours("sync"), ours("list-ports").code) == (0, DONE, 0)
