"""The verbs, their words and options, for parsing, help and completion. A port's options are in parse/options.py."""

from typing import NamedTuple

from ovs_docker.parse.options import PORT, Option

_KINDS = {"BRIDGE": "bridge", "INTERFACE": "interface", "CONTAINER": "attached", "VLAN": "none", "VLANS": "none"}


class Verb(NamedTuple):
    """`words` ending in `...` may be repeated; the first `optional` of them may be left out.

    `instead`: options that replace all words. `lenient`: surplus words and unknown options are ignored, as by the old
    script. `complete`: what a shell offers as each of `words`, kinds as those of an option.
    """

    name: str
    words: tuple[str, ...]
    help: str
    example: str = ""
    options: tuple[Option, ...] = ()
    optional: int = 0
    lenient: bool = False
    instead: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()

    @property
    def scripts(self) -> bool:
        """Whether the old script has this verb: its callers' words keep their meaning."""
        return self.lenient or self.name == "add-port"

    @property
    def form(self) -> str:
        """The verb with its words, those that may be left out in brackets."""
        first = len(self.words) - self.least
        return " ".join([self.name, *(f"[{word}]" if at < first else word for at, word in enumerate(self.words))])

    @property
    def least(self) -> int:
        return len(self.words) - self.optional

    @property
    def kinds(self) -> tuple[str, ...]:
        return self.complete or tuple(_KINDS[word] for word in self.words)


GLOBALS = (
    Option("db", "URI", "OVSDB: unix:PATH or {tcp,ssl}:HOST:PORT (default unix:$OVS_RUNDIR/db.sock).", "database"),
    Option(
        "ovs-container", "NAME", "Container of Open vSwitch (default $OVS_CONTAINER); auto: the only one.", "container"
    ),
    Option("nb-db", "URI,…", "OVN's northbound servers (default $OVN_NB_DB, ovn-nb, local socket).", "database"),
    Option("private-key", "FILE", "PEM file with the private key, for ssl:.", "file", "p"),
    Option("certificate", "FILE", "PEM file with the certificate, for ssl:.", "file", "c"),
    Option("ca-cert", "FILE", "PEM file with the CA's certificate, for ssl:.", "file", "C"),
    Option("timeout", "SECS", "Seconds for the whole call (default 60; 0: no limit).", short="t"),
    Option("no-wait", "", "Do not wait until ovs-vswitchd has applied the change."),
    Option(
        "docker-host", "URI", "Docker or Podman (default $DOCKER_HOST, docker context, local socket).", "engine", "H"
    ),
    Option("format", "FORMAT", "table for people (default) or json for programs.", "", "f", choices=("table", "json")),
    Option("dry-run", "", "Print what would be done, in order, and change nothing."),
    Option("verbose", "", "Print each step to stderr as it is done.", short="v"),
    Option("quiet", "", "Print no warnings.", short="q"),
)
VERSION = Option("version", "", "display the version.", short="V")
HELP = Option("help", "", "display this help message; after a COMMAND: that one's.", short="h")

_ADD = (*PORT, Option("may-exist", "", "Succeed if the interface is attached already, as asked."))
_WHICH = (
    Option("project", "NAME", "With --labels: only containers of this compose project.", "project"),
    Option("label-bridges", "BRIDGE,…", "With --labels: the bridges that they may name.", "bridge"),
    Option("image-labels", "", "With --labels: those that stand on a container's image, too."),
)
_LABELS = (Option("labels", "", "Also attach what the labels of running containers ask for."), *_WHICH)

_PLACE = ("BRIDGE", "INTERFACE", "CONTAINER")
_NEW = ("bridge", "", "container")

VERBS = (
    Verb(
        "add-port",
        _PLACE,
        "Add INTERFACE inside CONTAINER and connect it as a port of BRIDGE, which is created if need be.",
        "add-port br-int eth1 c474a0e2830e --ipaddress=192.168.1.2/24 --gateway=192.168.1.1",
        _ADD,
        complete=_NEW,
    ),
    Verb(
        "add-ports",
        ("BRIDGE", "INTERFACE", "CONTAINER..."),
        "Attach many containers at once, all or none; addresses count up from the one given.",
        "add-ports br-int eth0 c1 c2 c3 --ipaddress=10.244.1.3/16",
        (
            *_ADD,
            Option("file", "FILE", "Read the ports from a YAML or JSON file; - is standard input.", "file"),
            Option("labels", "", "Read the ports from the labels ovs-docker.INTERFACE of running containers."),
            *_WHICH,
            Option("keep-going", "", "Attach what can be attached; exit 1 with a list of the rest."),
            Option("print-schema", "", "Print the JSON Schema of FILE and do nothing else."),
        ),
        instead=("file", "labels", "print-schema"),
        complete=_NEW,
    ),
    Verb(
        "del-port",
        _PLACE,
        "Delete INTERFACE inside CONTAINER and its port, on whatever bridge it is.",
        "del-port br-int eth1 c474a0e2830e",
        (Option("if-exists", "", "Succeed if the interface is not attached."),),
        lenient=True,
    ),
    Verb(
        "del-ports",
        ("BRIDGE", "CONTAINER"),
        "Delete all Open vSwitch interfaces of CONTAINER, on whatever bridges they are.",
        "del-ports br-int c474a0e2830e",
        (
            Option("all", "", "Delete all ports of BRIDGE that ovs-docker attached."),
            Option("file", "FILE", "Delete the ports that a file for add-ports names.", "file"),
            Option("labels", "", "Delete the ports that labels of containers name."),
            *_WHICH,
        ),
        instead=("all", "file", "labels"),
        lenient=True,
    ),
    Verb(
        "sync",
        (),
        "Restore the ports that restarts took, remove those of removed containers and what crashes left.",
        "sync --labels",
        (
            *_LABELS,
            Option("file", "FILE", "Also attach what a file for add-ports asks for.", "file"),
            Option("force", "", "Delete stray veth pairs also if there are many, or made for another database."),
            Option("adopt", "", "Record the old script's ports, so that they survive restarts from now on."),
        ),
    ),
    Verb(
        "watch",
        (),
        "Run until stopped: sync now and after every reconnect, then restore ports as containers start.",
        "watch --labels",
        _LABELS,
    ),
    Verb(
        "driver",
        (),
        "Run until stopped as Docker's network driver: docker network create -d ovs.",
        "driver --mode=nat --gateway=172.18.40.1 --bridge-subnet=172.18.40.0/24",
        (
            Option("name", "NAME", "The name of the driver, after docker network create -d (default ovs)."),
            Option("socket", "PATH", "Its socket (default /run/docker/plugins/NAME.sock).", "file"),
            Option("mode", "MODE", "Mode of networks that name none (default nat).", choices=("nat", "flat", "routed")),
            Option("mtu", "MTU", "MTU of networks that name none, 68 to 65535 bytes."),
            Option("log-format", "FORMAT", "text for people (default) or json for programs.", choices=("text", "json")),
            Option("bridge-subnet", "SUBNET", "Also make the network ovs with this subnet, once Docker answers."),
            Option("gateway", "ADDRESS", "The gateway of the network ovs (default: the first address)."),
            Option("bridge-name", "BRIDGE", "The bridge of the network ovs (default ovsbr-docker0).", "bridge"),
        ),
    ),
    Verb(
        "set-vlan",
        (*_PLACE, "VLAN"),
        "Make INTERFACE of CONTAINER an access port of VLAN; none takes the tag off.",
        "set-vlan br-int eth1 c474a0e2830e 5",
        lenient=True,
    ),
    Verb(
        "set-trunk",
        (*_PLACE, "VLANS"),
        "Let INTERFACE of CONTAINER carry VLANS tagged (10,20-29); none no longer limits them.",
        "set-trunk br-int eth1 c474a0e2830e 10,20-29",
    ),
    Verb(
        "get-port",
        _PLACE,
        "Print the name of the port of INTERFACE; the two words CONTAINER INTERFACE will do.",
        "get-port br-int eth1 c474a0e2830e",
        optional=1,
        complete=("bridge attached", "interface", "attached"),
    ),
    Verb(
        "list-ports",
        ("BRIDGE",),
        "List attached ports with their state: up, stale, stopped, gone, error or unknown.",
        "--format=json list-ports br-int",
        (Option("container", "CONTAINER", "List the ports of this container only.", "attached"),),
        optional=1,
    ),
    Verb(
        "list-networks",
        (),
        "List the Docker networks that ovs-docker driver has made.",
        "--format=json list-networks",
    ),
    Verb(
        "check",
        ("BRIDGE",),
        "Check each port end to end and say what is wrong and what to do; without ports the surroundings.",
        "check br-int",
        (
            Option("container", "CONTAINER", "Check the ports of this container only.", "attached"),
            Option("fix", "", "First make the ports as recorded, as sync does."),
            Option("strict", "", "Exit 1 for ports of stopped containers, too."),
        ),
        optional=1,
    ),
)

NO_VERB = Verb("", (), "", options=(VERSION,))
"""Stands for the verb before there is one."""

BY_NAME = {verb.name: verb for verb in VERBS}
