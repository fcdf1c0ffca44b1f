"""What a root is told whom the kernel refuses something."""

import os

import pytest

from ovs_docker.backends.kernel import privilege


@pytest.fixture
def is_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def test_a_capability_that_there_is_not_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(privilege._BITS, "FLY", 63)
    assert privilege.missing("FLY") == ["FLY"]


@pytest.mark.usefixtures("is_root")
def test_root_without_it_is_told_to_have_it_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(privilege._BITS, "FLY", 63)
    assert privilege.hint("FLY") == "root has no CAP_FLY here; in a container, docker run --cap-add=FLY"


@pytest.mark.usefixtures("is_root")
def test_root_who_has_it_in_vain_is_not_told_to_have_it_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppArmor's docker-default refuses to look at a process that it does not confine, whatever the capabilities."""
    monkeypatch.setattr(privilege, "missing", lambda *_: [])
    assert privilege.hint("SYS_PTRACE") == (
        "root has CAP_SYS_PTRACE here, but not for that; "
        "in a container on a host with AppArmor, docker run --security-opt=apparmor=unconfined"
    )
