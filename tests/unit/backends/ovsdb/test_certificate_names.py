"""Whose a certificate is: its names against the host that was asked for."""

from typing import Any

import pytest

from ovs_docker.backends.ovsdb.certificate_names import identifies, names_of

UNIQUE = "id:8db39bb9-2763-4cfc-99cd-1bccbdc03686"


def alt(*names: tuple[str, str]) -> dict[str, Any]:
    return {"subject": ((("commonName", "passed.over"),),), "subjectAltName": names}


@pytest.mark.parametrize(
    ("certificate", "names"),
    [
        ({}, []),
        (alt(("DNS", "a.example"), ("IP Address", "192.0.2.7"), ("email", "x@y")), ["a.example", "192.0.2.7"]),
        (alt(("DNS", "plain")), ["plain"]),
        (alt(("DNS", f"ovsdb {UNIQUE}")), []),
        (alt(("DNS", f"db.example {UNIQUE}")), ["db.example"]),
        (alt(("DNS", f"::1 {UNIQUE}")), ["::1"]),
        (alt(("DNS", "db.example and others")), []),
        ({"subject": ((("organizationName", "Open vSwitch"),), (("commonName", "sw.example"),))}, ["sw.example"]),
        ({"subject": ((("commonName", f"sw1 {UNIQUE}"),),)}, []),
    ],
)
def test_the_hosts_that_a_certificate_names(certificate: dict[str, Any], names: list[str]) -> None:
    assert names_of(certificate) == names


@pytest.mark.parametrize(
    ("names", "host"),
    [
        ([], "anything"),
        (["a.example", "b.example"], "B.Example."),
        (["*.example.org"], "db.example.org"),
        (["192.0.2.7"], "192.0.2.7"),
        (["0:0:0:0:0:0:0:1\n"], "::1"),
    ],
)
def test_a_host_that_is_named(names: list[str], host: str) -> None:
    assert identifies([name.strip() for name in names], host)


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (["a.example"], "b.example"),
        (["a.example"], "x.a.example"),
        (["a.example"], "192.0.2.7"),
        (["192.0.2.7"], "192.0.2.70"),
        (["192.0.2.7"], "a.example"),
        (["*.example.org"], "example.org"),
        (["*.example.org"], "a.b.example.org"),
        (["*.org"], "example.org"),
        (["*"], "localhost"),
        (["*.0.2.7"], "192.0.2.7"),
    ],
)
def test_a_host_that_is_not(names: list[str], host: str) -> None:
    assert not identifies(names, host)
