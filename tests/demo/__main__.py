"""The story: two containers without a network, one bridge, and ovs-docker between them.

How it is told is in stage.py.
"""

import os
import subprocess
import sys

from tests.demo.stage import Unexpected, expect, say, show, title
from tests.host import MARK

ATTACH_1 = "ovs-docker add-port br-int eth0 netsho1 --ipaddress=10.244.1.3/16 --macaddress=02:00:00:00:01:03"
ATTACH_2 = "ovs-docker add-port br-int eth0 netsho2 --ipaddress=10.244.1.4/16 --macaddress=02:00:00:00:01:04"


def containers() -> None:
    title("Two containers, no network")
    say("""This is a private host: its own Open vSwitch, its own Docker, in namespaces of their own. Nothing of
        your machine is touched, and nothing of it remains.""")
    for name in ("netsho1", "netsho2"):
        show(f"docker run --detach --name {name} --network none netsho")
    say("""With --network none Docker gives a container a loopback and leaves the rest to us:""")
    show("docker exec netsho1 ip -oneline address")


def attach() -> None:
    title("Attach them")
    say("""add-port BRIDGE INTERFACE CONTAINER makes a pair of virtual Ethernet devices, moves one end into the
        container, and makes the other a port of the bridge. The bridge br-int does not exist yet; the first call
        creates it. (--datapath-type=netdev asks for Open vSwitch's userspace datapath, which needs no kernel
        module; where the module is loaded, leave it out.)""")
    show(f"{ATTACH_1} --datapath-type=netdev")
    show(ATTACH_2)
    say("""No news is good news: both commands waited until Open vSwitch had added the port. In the
        container:""")
    show("docker exec netsho1 ip -oneline address show eth0")


def ping() -> None:
    title("They reach each other")
    answer = show("docker exec netsho1 ping -c 3 10.244.1.4")
    expect(" 0% packet loss" in answer, "a ping got lost")
    say("""Through br-int: neither the Docker engine nor the host's own network took part.""")


def look() -> None:
    title("Where the ends went")
    say("""Each container's end is called eth0. The host's end has a name that nobody needs to remember, because
        list-ports knows whose it is:""")
    listed = show("ovs-docker list-ports")
    expect("netsho1" in listed and "netsho2" in listed, "list-ports does not name both containers")
    say("""Open vSwitch itself sees two ports beside the bridge's own:""")
    show("ovs-vsctl show")
    say("""There is no state file. All that ovs-docker has to remember stands in the port's database row, where
        other programs find it too:""")
    show("ovs-vsctl --columns=name,external_ids find interface external_ids:container_id=netsho1")


def refuse() -> None:
    title("When it cannot be done")
    say("""A failure is one line on stderr and exit status 1, and all is as it was before:""")
    refusal = show(ATTACH_1, fails=True)
    expect("Port already attached" in refusal, "the second attachment was refused for another reason")


def detach() -> None:
    title("Detach them")
    show("ovs-docker del-port br-int eth0 netsho1")
    show("ovs-docker del-port br-int eth0 netsho2")
    left = show("ovs-docker list-ports")
    expect("netsho" not in left, "a port is still there")
    show("docker exec netsho1 ip -oneline address")
    say("""The veth pairs are gone from both sides, and the containers run on as they began. That was the main
        job; `ovs-docker --help` names the other verbs.""")


def network() -> None:
    title("Or leave it to Docker")
    say("""ovs-docker driver is a network driver of Docker. It runs in the background here, elsewhere as a service:
        then a container has its port, its address and its way out from the start.""")
    print("\n$ ovs-docker driver &", flush=True)
    with subprocess.Popen(["ovs-docker", "--quiet", "driver"]) as driver:
        try:
            show("docker network create -d ovs --subnet 10.20.0.0/24 lab")
            show("docker run --detach --name netsho3 --network lab netsho")
            answer = show("docker exec netsho3 ping -c 1 10.20.0.1")
            expect(" 0% packet loss" in answer, "the gateway does not answer")
            show("ovs-docker list-networks")
            show("docker rm --force netsho3")
            show("docker network rm lab")
        finally:
            driver.terminate()


def main() -> int:
    """Tell the story; return 1 when anything in it went another way."""
    if MARK not in os.environ:
        print("The demonstration needs a private host: tests/run demo", file=sys.stderr)
        return 3
    try:
        for chapter in (containers, attach, ping, look, refuse, detach, network):
            chapter()
    except Unexpected as error:
        print(f"\nThe demonstration failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
