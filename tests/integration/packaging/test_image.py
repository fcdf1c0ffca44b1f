"""The image of ovs-docker, run by the documents' command: it does the job from inside, with the rights they name."""

import json
import signal
import time
from collections.abc import Iterable

import pytest

from ovs_docker.cli.grammar import VERBS
from tests.integration.conftest import ContainerFactory
from tests.integration.support import containers, documents, fleet, lone_switch, tool_image
from tests.integration.support.commands import Result, docker, ours, run
from tests.integration.support.containers import Container

DONE = Result(0, "", "")
BOTH = "--ipaddress=10.0.0.{0}/24,2001:db8::{0}/64"


@pytest.fixture(autouse=True, scope="session")
def image(private_host: None) -> None:
    """Have the documents' build command make the image."""
    tool_image.load()


def inside(*words: str, lacking: Iterable[str] = ()) -> Result:
    """Run ours in its image by the documents' command, maybe without some of its options."""
    command, out = documents.docker_run(), list(lacking)
    kept = [word for word in command if not any(right in word for right in out)]
    assert len(command) - len(kept) == len(out)
    return run(*kept, *words)


def test_the_documents_command_attaches(bridge: str, container: ContainerFactory) -> None:
    container("netsho1")
    assert run("sh", "-euc", documents.block("sh", documents.RUN)) == DONE
    assert fleet.attached() == {"netsho1/eth0": ["10.244.1.3/16"]}


def test_what_it_attaches_talks_over_both_families(bridge: str, c1: Container, c2: Container) -> None:
    for number in (1, 2):
        assert inside("add-port", "br-int", "eth0", f"c{number}", BOTH.format(number)) == DONE
    assert (c1.pings("10.0.0.2"), c1.pings("2001:db8::2")) == (True, True)


def test_the_user_of_a_container_does_not_matter(bridge: str, container: ContainerFactory) -> None:
    container("c1", "--user=1000:2000")
    assert inside("add-port", "br-int", "eth0", "c1", BOTH.format(1)) == DONE


def test_a_container_that_may_more_needs_the_right_that_is_named(bridge: str, container: ContainerFactory) -> None:
    container("c1", "--cap-add=SYS_PTRACE")
    refused = inside("add-port", "br-int", "eth0", "c1")
    assert (refused.code, "--cap-add=SYS_PTRACE" in refused.err) == (1, True)
    *command, image = documents.docker_run()
    assert run(*command, "--cap-add=SYS_PTRACE", image, "add-port", "br-int", "eth0", "c1") == DONE


def test_a_file_is_handed_over_at_standard_input(bridge: str, c1: Container) -> None:
    *command, image = documents.docker_run()
    ports = json.dumps({"ports": [fleet.port("c1", 1)]})
    words = (*command, "--interactive", image, "add-ports", "--file=-")
    assert run("sh", "-c", 'printf %s "$0" | "$@"', ports, *words) == DONE
    assert fleet.attached() == {"c1/eth0": ["10.0.0.1/24"]}


# --- what the documents say that each verb needs -------------------------------------------------------------------


PLACE = ("br-int", "eth0", "c1")
CALLS = {
    "add-port": (*PLACE, "--ipaddress=10.0.0.1/24"),
    "sync": (),
    "del-port": PLACE,
    "list-ports": (),
    "set-vlan": (*PLACE, "5"),
}


def prepared(verb: str) -> Container:
    """Start c1, and make it what the verb is for: not attached, attached, or restarted."""
    c1 = containers.create("c1")
    if verb != "add-port":
        ours("add-port", "br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24", check=True)
    if verb == "sync":
        c1.restart()
        fleet.links_are_gone("c1")
    return c1


def works(c1: Container, verb: str, lacking: Iterable[str]) -> bool:
    """Say whether a call does what it should."""
    done = inside(verb, *CALLS[verb], lacking=lacking)
    there = [link["ifname"] for link in c1.ip("link")] == ["lo", "eth0"]
    said = {"list-ports": " up "}.get(verb, "")
    return done.code == 0 and said in done.out and there is not verb.startswith("del-")


@pytest.mark.parametrize("verb", CALLS)
def test_a_verb_works_with_what_is_said_and_not_with_less(verb: str, bridge: str) -> None:
    needed = documents.rights()[verb]
    c1 = prepared(verb)
    # Backwards: without the host's network, which is the last then, del-port takes away half of the port.
    for right in reversed([right for right in needed if needed[right]]):
        assert (right, works(c1, verb, [right])) == (right, False)
    c1.remove()
    ours("del-ports", "br-int", "c1", check=True)
    assert works(prepared(verb), verb, [right for right in needed if not needed[right]])


def test_the_documents_name_the_rights_of_every_verb() -> None:
    assert set(documents.rights()) == {verb.name for verb in VERBS}


# --- Open vSwitch in a container with a network of its own -----------------------------------------------------------


@pytest.mark.parametrize(("options", "reached"), [((), True), (("--cap-add=SYS_NICE",), False)], ids=["plain", "more"])
def test_a_switch_in_a_container_is_reached_unless_that_may_more(
    options: tuple[str, ...], reached: bool, container: ContainerFactory
) -> None:
    with lone_switch.no_switch_on_the_host():
        lone_switch.start("switch", *options)
        container("c1")
        words = ("--ovs-container=switch", "add-port", "br-int", "eth0", "c1", "--datapath-type=netdev")
        done = inside(*words, lacking=["openvswitch"])
    created = Result(0, "", "ovs-docker: created bridge br-int\n")
    assert (done == created, "--cap-add=SYS_PTRACE" in done.err) == (reached, not reached)


# --- watch ---------------------------------------------------------------------------------------------------------


def test_watch_in_it_restores_ports_and_ends_when_it_is_stopped(bridge: str, c1: Container) -> None:
    inside("add-port", "br-int", "eth0", "c1", "--ipaddress=10.0.0.1/24")
    *command, image = documents.docker_run()
    command[command.index("--rm")] = "--detach"
    watch = Container("watch", docker(*command[1:], "--name=watch", image, "watch"))
    fleet.wait_until(lambda: "watching" in docker("logs", watch.id))
    c1.restart()
    fleet.wait_until(lambda: "restored port" in docker("logs", watch.id))
    assert fleet.attached() == {"c1/eth0": ["10.0.0.1/24"]}
    since = time.monotonic()
    docker("kill", f"--signal={signal.SIGTERM.name}", watch.id)
    assert (docker("wait", watch.id), time.monotonic() - since < 5) == ("0", True)
