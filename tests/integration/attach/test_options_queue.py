"""--tx-queue-len: the container end's transmit queue, set, recorded, restored by sync, looked at by check."""

import json

from tests.integration.support.commands import OURS, Result, in_namespace, ours, ovs, run
from tests.integration.support.containers import Container

DONE = Result(0, "", "")
ASKED = ("add-port", "br-int", "eth0", "c1", "--tx-queue-len=500")


def length(container: Container) -> object:
    return json.loads(in_namespace(container.pid, "ip", "-json", "link", "show", "eth0").out)[0]["txqlen"]


def test_the_containers_end_gets_the_queue_and_the_record_keeps_it(bridge: str, c1: Container) -> None:
    assert (ours(*ASKED), length(c1)) == (DONE, 500)
    recorded = ovs("--bare", "--columns=name", "find", "interface", "external_ids:ovs-docker-tx-queue-len=500")
    assert len(recorded.split()) == 1


def test_sync_restores_it(bridge: str, c1: Container) -> None:
    ours(*ASKED, check=True)
    c1.restart()
    assert (ours("sync").code, length(c1)) == (0, 500)


def test_check_finds_another_length_and_its_hint_mends_it(bridge: str, c1: Container) -> None:
    ours(*ASKED, check=True)
    in_namespace(c1.pid, "ip", "link", "set", "eth0", "txqueuelen", "7")
    (found,) = json.loads(ours("--format=json", "check").out)["data"][0]["findings"]
    assert (found["code"], run(OURS, *found["hint"].split()[1:2]).code) == ("tx-queue-len-differs", 0)
    assert ours("check").code == 0


def test_may_exist_compares_it(bridge: str, c1: Container) -> None:
    ours(*ASKED, check=True)
    again = ours("add-port", "br-int", "eth0", "c1", "--tx-queue-len=501", "--may-exist")
    assert (ours(*ASKED, "--may-exist"), again.code, "--tx-queue-len" in again.err) == (DONE, 1, True)
