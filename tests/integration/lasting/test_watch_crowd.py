"""watch with a crowd of containers that come, go and restart, while the daemons go away and come back.

A few dozen in the ordinary suite; 300, 2,000 events and 200 restarts at once with OVS_DOCKER_SOAK: tox -e soak.
"""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.host import services
from tests.host.daemons import Daemon
from tests.integration.support import containers, fleet
from tests.integration.support.commands import docker, ovs
from tests.integration.support.containers import Container
from tests.integration.support.fleet import SOAK
from tests.integration.support.watching import Watch, watch

CROWD, EVENTS, AT_ONCE = (300, 2000, 200) if SOAK > 1 else (24, 48, 24)
FLAPS = 20 if SOAK > 1 else 2
IDLE = 12  # seconds
PATIENCE = 60 + CROWD  # seconds, for two processors and every container of the crowd

Crowd = dict[int, Container]


def address(number: int) -> str:
    return f"10.0.{number // 250}.{number % 250 + 1}/16"


def create(number: int) -> Container:
    """Start a container whose label asks for its port."""
    label = f"--label=ovs-docker.eth0=bridge=br-int ipaddress={address(number)}"
    return containers.create(f"m{number}", label)


def restart(crowd: Crowd, number: int) -> None:
    docker("kill", crowd[number].id)
    docker("start", crowd[number].id)


def replace(crowd: Crowd, number: int) -> None:
    """Remove a container; another one takes its name, its address and its wish."""
    crowd[number].remove()
    crowd[number] = create(number)


def pause_for_a_moment(crowd: Crowd, number: int) -> None:
    """Stop a container, and start it when others have had their turn."""
    docker("kill", crowd[number].id)
    time.sleep(0.5)
    docker("start", crowd[number].id)


KINDS: list[Callable[[Crowd, int], None]] = [restart, restart, replace, pause_for_a_moment]


def happen(crowd: Crowd, events: int, chance: random.Random) -> None:
    """Have so many things happen to the crowd, several at the same time, though to different containers."""
    while events > 0:
        numbers = chance.sample(sorted(crowd), min(8, events))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number: chance.choice(KINDS)(crowd, number), numbers))
        events -= len(numbers)


def restart_at_once(crowd: Crowd) -> None:
    """Restart many together."""
    ids = [crowd[number].id for number in range(AT_ONCE)]
    to_all("kill", ids)
    to_all("start", ids)


def to_all(verb: str, ids: list[str]) -> None:
    """Have several commands do something to a few containers each: one alone would take minutes."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda start: docker(*verb.split(), *ids[start : start + 8]), range(0, len(ids), 8)))


def flap(daemon: Daemon) -> None:
    daemon.kill()
    time.sleep(0.3)
    daemon.start()


def settle(crowd: Crowd) -> None:
    """Wait until each container has its port, up, and nobody else has one."""
    wanted = {f"{container.name}/eth0": [address(number)] for number, container in crowd.items()}
    fleet.wait_until(lambda: fleet.attached() == wanted, PATIENCE, 0.5)
    assert len(ovs("list-ports", "br-int").split()) == len(crowd)


def size(running: Watch) -> tuple[int, int]:
    return running.kib(), running.descriptors()


def test_all_of_a_crowd_have_their_ports_and_watch_stays_as_big_as_it_is(bridge: str) -> None:
    chance = random.Random(7)
    with watch("--labels") as running:
        with ThreadPoolExecutor(4) as pool:
            crowd = dict(enumerate(pool.map(create, range(CROWD))))
        settle(crowd)
        for daemon in (services.ovsdb(), services.dockerd()):
            flap(daemon)
        happen(crowd, EVENTS // 10, chance)
        restart_at_once(crowd)
        settle(crowd)
        early = size(running)
        for _ in range(FLAPS):
            with ThreadPoolExecutor(1) as pool:
                flapping = pool.submit(flap, services.ovsdb())
                happen(crowd, EVENTS // FLAPS, chance)
            flapping.result()
            flap(services.dockerd())
        restart_at_once(crowd)
        settle(crowd)
        late, before = size(running), running.cpu_seconds()
        time.sleep(IDLE)
        idle = running.cpu_seconds() - before
        print(f"{CROWD} containers, {EVENTS} events: {early[0]} KiB, then {late[0]} KiB;", end=" ")
        print(f"descriptors {early[1]}, {late[1]}; {idle:.2f} s of processor in {IDLE} s of idling")
    assert (late[0] - early[0] < 4096, late[1] <= early[1], idle < 0.1) == (True, True, True)
    assert crowd[0].pings(address(CROWD - 1).partition("/")[0])
    to_all("rm --force", [each.id for each in crowd.values()])
