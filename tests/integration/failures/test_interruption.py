"""Ctrl-C, SIGTERM and SIGHUP at any moment: a call is either done, or it has never been.

SIGKILL, after which nobody can clean up, is in test_sudden_death.py.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.host import services
from tests.host.daemons import Daemon
from tests.integration.support.commands import OURS, Result, ours, ovs, start
from tests.integration.support.containers import Container
from tests.integration.support.gate import gate
from tests.integration.support.processes import (
    SOAK,
    Process,
    ended,
    handles_signals,
    interrupted,
    listening,
    moments,
    started,
    status,
    wait_until,
)
from tests.integration.support.refusal import ADD, DEL, nothing_changed, picture
from tests.integration.support.snapshot import Picture

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SPEC = (*ADD, "--ipaddress=10.0.0.1/24,2001:db8::1/64", "--gateway=10.0.0.254", "--macaddress=02:00:00:00:00:01")
DONE = Result(0, "", "")
MOMENTS = 30 * SOAK
SPAN = 0.06  # seconds that a call takes once it listens


def hit(words: tuple[str, ...], number: signal.Signals, moment: float) -> Result:
    """Run ours and send it a signal so many seconds after it has begun to listen to signals."""
    process = listening(*words)
    time.sleep(moment)
    process.send_signal(number)
    return ended(process)


def attach() -> Picture:
    ours(*SPEC, check=True)
    return picture()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_attaching_is_done_or_has_never_been(bridge: str, c1: Container, number: signal.Signals) -> None:
    before, attached = picture(), attach()
    ours(*DEL, check=True)
    seen = set[int]()
    for moment in moments(SPAN, MOMENTS, lambda: 0 in seen):
        result = hit(SPEC, number, moment)
        assert (result, picture()) in ((interrupted(number), before), (DONE, attached))
        seen.add(result.code)
        ours(*DEL, "--if-exists", check=True)
    assert seen == {0, status(number)}


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_detaching_is_done_or_has_never_been(bridge: str, c1: Container, number: signal.Signals) -> None:
    before, attached = picture(), attach()
    seen = set[int]()
    for moment in moments(SPAN, MOMENTS, lambda: 0 in seen):
        name = ovs("list-ports", bridge)
        result = hit(DEL, number, moment)
        late = interrupted(number, f", but {name} is removed")
        assert (result, picture()) in ((interrupted(number), attached), (late, before), (DONE, before))
        seen.add(result.code)
        ours(*SPEC, "--may-exist", check=True)
    assert seen == {0, status(number)}


def test_a_vlan_is_set_or_has_never_been(bridge: str, c1: Container) -> None:
    ours(*SPEC, "--vlan=5", check=True)
    for moment in moments(SPAN, MOMENTS, lambda: True):
        result = hit(("set-vlan", bridge, "eth0", "c1", "6"), signal.SIGINT, moment)
        assert (result, ovs("get", "port", ovs("list-ports", bridge), "tag")) in (
            (interrupted(signal.SIGINT), "5"),
            (DONE, "6"),
        )
        ours("set-vlan", bridge, "eth0", "c1", "5", check=True)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_before_the_command_has_begun_leaves_nothing(
    bridge: str, c1: Container, number: signal.Signals
) -> None:
    with nothing_changed():
        process = started(*SPEC)
        assert not handles_signals(process)
        process.send_signal(number)
        _, said = process.communicate(timeout=10)
    # Python's own way to end: it says KeyboardInterrupt when it is told so while it starts.
    assert (process.returncode, "ovs_docker/verbs" in said) == (-number, False)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_waiting_for_vswitchd_ends_at_once_and_rolls_back(bridge: str, c1: Container, number: signal.Signals) -> None:
    with nothing_changed(), services.vswitchd().paused():
        process = waiting_for_vswitchd(*SPEC)
        process.send_signal(number)
        result = ended(process, 3)
    assert result == interrupted(number)


def test_ctrl_c_that_comes_together_with_the_end_of_the_terminal_is_ctrl_c(bridge: str, c1: Container) -> None:
    with nothing_changed(), services.vswitchd().paused():
        process = waiting_for_vswitchd(*SPEC)
        for number in (signal.SIGSTOP, *SIGNALS, signal.SIGCONT):
            process.send_signal(number)
        result = ended(process, 3)
    assert result == interrupted(signal.SIGINT)


def test_an_impatient_user_does_not_cut_into_the_rollback(bridge: str, c1: Container) -> None:
    with nothing_changed(), services.vswitchd().paused():
        process = waiting_for_vswitchd(*SPEC)
        for number in SIGNALS * 10:
            process.send_signal(number)
            time.sleep(0.001)
        result = ended(process, 3)
    assert result == interrupted(SIGNALS[0])


@pytest.mark.parametrize("daemon", [services.ovsdb(), services.dockerd()], ids=lambda daemon: daemon.name)
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_waiting_for_an_answer_ends_at_once(bridge: str, c1: Container, daemon: Daemon, number: signal.Signals) -> None:
    with nothing_changed(), daemon.paused():
        process = listening(*SPEC)
        time.sleep(0.3)
        process.send_signal(number)
        result = ended(process, 2)
    assert result == interrupted(number)


def test_waiting_for_the_answer_to_the_transaction_ends_soon(bridge: str, c1: Container) -> None:
    with nothing_changed(), gate() as held:
        process = started(*SPEC, held.option)
        held.wait()
        process.send_signal(signal.SIGINT)
        result = ended(process, 15)  # the rollback's ten seconds: the database does not answer that either
    assert (result.code, result.err.splitlines()[0]) == (-signal.SIGINT, "ovs-docker: interrupted")


def test_a_detach_that_is_interrupted_in_its_transaction_is_undone(bridge: str, c1: Container) -> None:
    attached = attach()
    with gate(after=True) as held:
        process = started(*DEL, held.option)
        held.wait()
        process.send_signal(signal.SIGINT)
        held.open()
        result = ended(process)
    assert (result, picture()) == (interrupted(signal.SIGINT), attached)


def test_a_detached_port_is_said_to_be_gone_when_its_confirmation_is_not_awaited(bridge: str, c1: Container) -> None:
    before = picture()
    attach()
    name = ovs("list-ports", bridge)
    with services.vswitchd().paused():
        process = started(*DEL)
        wait_until(lambda: ovs("--no-wait", "list-ports", bridge) == "")
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        result = ended(process, 3)
    assert (result, picture()) == (interrupted(signal.SIGINT, f", but {name} is removed"), before)


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_ctrl_c_ends_the_loop_around_the_call(bridge: str, c1: Container, shell: str) -> None:
    """It reaches the shell and the call at once; bash goes on unless the call dies of it, as the script did."""
    loop = (shell, "-c", 'for turn in 1 2 3; do echo $turn; "$@"; done', shell, OURS, *SPEC)
    with nothing_changed(), services.vswitchd().paused():
        process = subprocess.Popen(
            loop, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        wait_until(lambda: ovs("--no-wait", "list-ports", "br-int") != "")
        time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        result = ended(process, 3)
    assert result == Result(-signal.SIGINT, "1\n", "ovs-docker: interrupted\n")


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_waiting_for_a_file_that_does_not_come_ends_at_once(tmp_path: Path, number: signal.Signals) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = listening("add-ports", f"--file={pipe}")
    time.sleep(0.3)
    process.send_signal(number)
    assert ended(process, 2) == interrupted(number)


def test_a_file_that_does_not_come_is_waited_for_as_long_as_the_call_may_take(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = ours("--timeout=1", "add-ports", f"--file={tmp_path}/pipe", timeout=5)
    assert result == Result(
        1, "", f"ovs-docker: gave up after 1 s waiting for the writer of {tmp_path}/pipe (--timeout=SECS allows more)\n"
    )
    assert "64 MiB" in ours("add-ports", "--file=/dev/zero", timeout=30).err


def test_nohup_is_respected(bridge: str, c1: Container) -> None:
    with services.vswitchd().paused():
        process = start("nohup", OURS, *SPEC)
        wait_until(lambda: ovs("--no-wait", "list-ports", bridge) != "")
        process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
    assert (ended(process).code, ovs("list-ports", bridge) != "") == (0, True)


def waiting_for_vswitchd(*words: str) -> Process:
    """Start ours while vswitchd is paused; return when its port is in the database."""
    process = started(*words)
    wait_until(lambda: ovs("--no-wait", "list-ports", "br-int") != "")
    time.sleep(0.05)
    return process
