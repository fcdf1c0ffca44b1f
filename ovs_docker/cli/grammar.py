"""The verbs, their words and options: what reading, help and completion follow. A port's are parse/options.py's."""

from typing import NamedTuple

from ovs_docker.parse.options import PORT, Option


class Verb(NamedTuple):
    """`words` ending in `...` may be repeated.

    `lenient`: surplus words and unknown options are ignored, as the old script does there.

    `least`: how many of `words` must be given, unless one of the options `instead` is.

    `complete`: what a shell offers as each of `words`, kinds as those of an option.
    """

    name: str
    words: tuple[str, ...]
    options: tuple[Option, ...]
    help: str
    least: int
    lenient: bool = False
    example: str = ""
    instead: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()


GLOBALS = (
    Option(
        "db",
        "URI",
        "OVSDB server: unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT (default unix:$OVS_RUNDIR/db.sock).",
        complete="database",
    ),
    Option(
        "ovs-container",
        "NAME",
        "Container of Open vSwitch (default $OVS_CONTAINER); auto: the one that has one, if the host has none.",
        complete="container",
    ),
    Option(
        "nb-db",
        "URI,…",
        "OVN's northbound database, all its servers (default $OVN_NB_DB, ovn-nb, local socket).",
        complete="database",
    ),
    Option("private-key", "FILE", "PEM file with the private key, for ssl:.", "p", complete="file"),
    Option("certificate", "FILE", "PEM file with the certificate, for ssl:.", "c", complete="file"),
    Option("ca-cert", "FILE", "PEM file with the CA's certificate, for ssl:.", "C", complete="file"),
    Option("timeout", "SECS", "Seconds for the whole call (default 60; 0: no limit).", "t"),
    Option("no-wait", "", "Do not wait until ovs-vswitchd has taken the change over."),
    Option(
        "docker-host",
        "URI",
        "Docker or Podman: unix://PATH (default $DOCKER_HOST, docker's context, local socket).",
        "H",
        complete="engine",
    ),
    Option("format", "FORMAT", "table for people (default) or json for programs.", "f", choices=("table", "json")),
    Option("dry-run", "", "Print what would be done, in order, and touch nothing."),
    Option("verbose", "", "Print each step to stderr as it is done.", "v"),
    Option("quiet", "", "Print no warnings.", "q"),
)
VERSION = Option("version", "", "display the version.")
HELP = Option("help", "", "display this help message; after a COMMAND: that one's.", "h")

_ADD = (*PORT, Option("may-exist", "", "Succeed if the interface is attached already, as asked."))

_PLACE = ("BRIDGE", "INTERFACE", "CONTAINER")
_NEW = ("bridge", "", "container")
_THERE = ("bridge", "interface", "attached")

VERBS = (
    Verb(
        "add-port",
        _PLACE,
        _ADD,
        "Add INTERFACE inside CONTAINER and connect it as a port of BRIDGE, which is created if need be.",
        least=3,
        example="add-port br-int eth1 c474a0e2830e --ipaddress=192.168.1.2/24 --gateway=192.168.1.1",
        complete=_NEW,
    ),
    Verb(
        "add-ports",
        ("BRIDGE", "INTERFACE", "CONTAINER..."),
        (
            *_ADD,
            Option("file", "FILE", "Read the ports from a YAML or JSON file; - is standard input.", complete="file"),
            Option("labels", "", "Read the ports from the labels ovs-docker.INTERFACE of running containers."),
            Option("project", "NAME", "With --labels: only containers of this compose project.", complete="project"),
            Option("keep-going", "", "Attach what can be attached; exit 1 with a list of the rest."),
            Option("print-schema", "", "Print the JSON Schema of FILE and do nothing else."),
        ),
        "Attach many containers at once, all or none; addresses count up from the one given.",
        least=3,
        instead=("file", "labels", "print-schema"),
        example="add-ports br-int eth0 c1 c2 c3 --ipaddress=10.244.1.3/16",
        complete=_NEW,
    ),
    Verb(
        "del-port",
        _PLACE,
        (Option("if-exists", "", "Succeed if the interface is not attached."),),
        "Delete INTERFACE inside CONTAINER and its port, on whatever bridge it is.",
        least=3,
        lenient=True,
        example="del-port br-int eth1 c474a0e2830e",
        complete=_THERE,
    ),
    Verb(
        "del-ports",
        ("BRIDGE", "CONTAINER"),
        (
            Option("all", "", "Delete all ports of BRIDGE that ovs-docker attached."),
            Option("file", "FILE", "Delete the ports that a file for add-ports names.", complete="file"),
            Option("labels", "", "Delete the ports that labels of containers name."),
            Option("project", "NAME", "With --labels: only containers of this compose project.", complete="project"),
        ),
        "Delete all Open vSwitch interfaces of CONTAINER, on whatever bridges they are.",
        least=2,
        instead=("all", "file", "labels"),
        lenient=True,
        example="del-ports br-int c474a0e2830e",
        complete=("bridge", "attached"),
    ),
    Verb(
        "sync",
        (),
        (
            Option("labels", "", "Also attach what the labels of running containers ask for."),
            Option("project", "NAME", "With --labels: only containers of this compose project.", complete="project"),
            Option("file", "FILE", "Also attach what a file for add-ports asks for.", complete="file"),
            Option("adopt", "", "Record the old script's ports, so that they survive restarts from now on."),
        ),
        "Restore the ports that restarts took, remove those of removed containers and what crashes left.",
        least=0,
        example="sync --labels",
    ),
    Verb(
        "watch",
        (),
        (
            Option("labels", "", "Also attach what the labels of running containers ask for."),
            Option("project", "NAME", "With --labels: only containers of this compose project.", complete="project"),
        ),
        "Run until stopped: sync now and after every reconnect, then restore ports as containers start.",
        least=0,
        example="watch --labels",
    ),
    Verb(
        "set-vlan",
        (*_PLACE, "VLAN"),
        (),
        "Make INTERFACE of CONTAINER an access port of VLAN; none takes the tag off.",
        least=4,
        lenient=True,
        example="set-vlan br-int eth1 c474a0e2830e 5",
        complete=(*_THERE, "none"),
    ),
    Verb(
        "set-trunk",
        (*_PLACE, "VLANS"),
        (),
        "Let INTERFACE of CONTAINER carry VLANS tagged (10,20-29); none no longer limits them.",
        least=4,
        example="set-trunk br-int eth1 c474a0e2830e 10,20-29",
        complete=(*_THERE, "none"),
    ),
    Verb(
        "get-port",
        _PLACE,
        (),
        "Print the name of the port of INTERFACE; the two words CONTAINER INTERFACE will do.",
        least=2,
        example="get-port br-int eth1 c474a0e2830e",
        complete=("bridge attached", "interface", "attached"),
    ),
    Verb(
        "list-ports",
        ("BRIDGE",),
        (Option("container", "CONTAINER", "List the ports of this container only.", complete="attached"),),
        "List attached ports with their state: up, stale, stopped, gone or error.",
        least=0,
        example="--format=json list-ports br-int",
        complete=("bridge",),
    ),
    Verb(
        "check",
        ("BRIDGE",),
        (Option("container", "CONTAINER", "Check the ports of this container only.", complete="attached"),),
        "Check each port end to end and say what is wrong and what to do; without ports the surroundings.",
        least=0,
        example="check br-int",
        complete=("bridge",),
    ),
)

NO_VERB = Verb("", (), (VERSION,), "", least=0)
"""Stands for the verb before there is one."""

BY_NAME = {verb.name: verb for verb in VERBS}
