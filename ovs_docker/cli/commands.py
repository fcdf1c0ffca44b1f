"""One function per verb, which passes a Call's words and options to verbs/.

Each imports its verb only when called: a set-vlan loads nothing that only add-port needs.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from ovs_docker.backends.ovsdb import Tls
from ovs_docker.cli.words import Call, ignored, too_few, words
from ovs_docker.errors import BadValue, Error, UsageError
from ovs_docker.report.outcome import Outcome, dry_run
from ovs_docker.world import Settings, World

if TYPE_CHECKING:
    from ovs_docker.check.finding import Checked


def run(call: Call) -> Outcome | None:
    """Run a call; raise errors.Error. None: the verb has reported everything itself."""
    found, world = words(call), World(settings(call))
    for name in _NARROWING:
        if call.flag(name) and not call.value(name):
            raise BadValue("needs a value", "empty it would mean: all of them", option=name)
    try:
        outcome = _COMMANDS[call.verb.name](world, found, call)
    except Error as error:
        theirs = getattr(error, "warnings", ())
        error.warnings = [*ignored(call), *world.notes, *theirs]  # type: ignore[attr-defined]
        raise
    if not outcome:
        return None
    outcome = outcome._replace(warnings=[*ignored(call), *world.notes, *outcome.warnings])
    return dry_run(outcome, world.planned) if world.settings.dry_run else outcome


_NARROWING = ("project", "container")  # sources.py looks at --label-bridges


def settings(call: Call) -> Settings:
    """Read the global options; raise BadValue."""
    if call.value("format") not in ("", "table", "json"):
        raise BadValue("needs table or json", option="format", value=call.value("format"))
    container = _ovs_container(call)
    return Settings(
        db=call.value("db") or None,
        tls=Tls(*(call.value(name) or None for name in ("private-key", "certificate", "ca-cert"))),
        ovs_container=None if container == "auto" else container,
        discovers=container == "auto" or call.verb.name not in ("sync", "watch", "driver"),
        docker_host=call.value("docker-host") or None,
        nb_db=call.value("nb-db") or None,
        timeout=_seconds(call.value("timeout") or "60"),
        wait=not call.flag("no-wait"),
        verbose=call.flag("verbose"),
        quiet=call.flag("quiet"),
        dry_run=call.flag("dry-run"),
        reports=call.value("format") == "json",
    )


def _ovs_container(call: Call) -> str | None:
    """Return the container of Open vSwitch, from the option or, without a database, from the environment."""
    said = call.value("ovs-container")
    return said or (None if call.value("db") else os.environ.get("OVS_CONTAINER")) or None


def _seconds(text: str) -> float:
    if not text.isascii() or not text.replace(".", "", 1).isdigit():
        raise BadValue("needs a number of seconds", option="timeout", value=text)
    return float(text)


def _add_port(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.parse.spec import port_spec
    from ovs_docker.verbs.attach import attach

    bridge, interface, container = found
    spec = port_spec((bridge, interface, container), call.options)
    return attach(world, [spec], call.flag("may-exist"))


def _del_port(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.verbs.change import detach

    bridge, interface, container = found
    return detach(world, bridge, interface, container, call.flag("if-exists"))


def _add_ports(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.cli.sources import print_schema, readable, specs
    from ovs_docker.verbs.attach import attach, attach_some

    if call.flag("print-schema"):
        return print_schema()
    if call.flag("keep-going"):
        return attach_some(world, *readable(world, found, call), call.flag("may-exist"))
    return attach(world, specs(world, found, call), call.flag("may-exist"))


def _del_ports(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.verbs.change import detach_all, detach_bridge, detach_specs

    if call.value("file") or any(map(call.flag, ("labels", "project", "label-bridges", "image-labels"))):
        from ovs_docker.cli.sources import specs

        return detach_specs(world, specs(world, found, call))
    if call.flag("all") and len(found) > 1:
        raise UsageError("--all takes BRIDGE only", verb=call.verb.name)
    if call.flag("all") and found:
        return detach_bridge(world, found[0])
    if call.flag("all"):
        raise UsageError("BRIDGE is missing: del-ports BRIDGE --all", verb=call.verb.name)
    if len(found) < 2:
        raise too_few(call.verb, found)
    return detach_all(world, found[0], found[1])


def _sync(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.cli.sources import labels, readable
    from ovs_docker.verbs.sync import sync

    wished = call.flag("file") or labels(call)
    wishes, failures = readable(world, [], call) if wished else ([], [])
    return sync(world, wishes, call.flag("adopt"), failures, call.flag("force"))


def _watch(world: World, found: list[str], call: Call) -> None:
    from ovs_docker.cli.sources import labels
    from ovs_docker.watch.log import Log
    from ovs_docker.watch.loop import Loop

    wanted = labels(call)
    if call.flag("dry-run"):
        raise UsageError("--dry-run: watch always changes things; sync has it", verb=call.verb.name)
    log = Log(as_json=call.value("format") == "json", quiet=call.flag("quiet"))
    Loop(world.settings, wanted, log).run()
    return None


def _driver(world: World, found: list[str], call: Call) -> None:
    from ovs_docker.driver.first_network import first_network
    from ovs_docker.driver.loop import serve
    from ovs_docker.driver.words import defaults, socket_path
    from ovs_docker.watch.log import Log

    if call.flag("dry-run"):
        raise UsageError("--dry-run: driver does what Docker asks for", verb=call.verb.name)
    chosen = defaults(call.value("name"), call.value("mode"), call.value("mtu"))
    words = (call.value(name) for name in ("bridge-subnet", "gateway", "bridge-name"))
    as_json = "json" in (call.value("log-format"), call.value("format"))
    log = Log(as_json=as_json, quiet=call.flag("quiet"))
    serve(world.settings, chosen, socket_path(call.value("socket"), chosen.driver), first_network(*words), log)


def _set_vlan(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.parse.vlans import or_none, tag
    from ovs_docker.verbs.change import set_vlan

    bridge, interface, container, vlan = found
    return set_vlan(world, bridge, interface, container, or_none("VLAN", tag, vlan))


def _set_trunk(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.parse.vlans import or_none, trunks
    from ovs_docker.verbs.change import set_trunk

    bridge, interface, container, vlans = found
    return set_trunk(world, bridge, interface, container, or_none("VLANS", trunks, vlans) or ())


def _get_port(world: World, found: list[str], call: Call) -> Outcome:
    """Both BRIDGE INTERFACE CONTAINER and CONTAINER INTERFACE are in use; the count distinguishes them."""
    from ovs_docker.verbs.show import name_of

    if len(found) == 3:
        return name_of(world, found[1], found[2])
    return name_of(world, found[1], found[0], in_doubt=True)


def _list_ports(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.verbs.show import list_ports

    width = os.get_terminal_size(1).columns if os.isatty(1) else 0
    return list_ports(world, found[0] if found else None, call.value("container") or None, width)


def _check(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.verbs.check import check

    which = found[0] if found else None, call.value("container") or None
    if call.flag("fix"):
        _fix(world, *which)
    return check(world, *which, call.flag("strict"), lambda: _networks(world, *which))


def _networks(world: World, bridge: str | None, container: str | None) -> list[Checked]:
    from ovs_docker.resolve.networks import networks

    if container or not networks(world.db):
        return []
    from ovs_docker.driver.check import check_networks

    return check_networks(world, bridge)


def _list_networks(world: World, found: list[str], call: Call) -> Outcome:
    from ovs_docker.verbs.show import list_networks

    return list_networks(world)


def _fix(world: World, bridge: str | None, container: str | None) -> None:
    """Make ports as recorded, and report that as warnings: check itself reports what is still wrong."""
    from ovs_docker.report.outcome import SomeFailed
    from ovs_docker.report.text import sentence
    from ovs_docker.verbs.sync import sync_ports

    try:
        world.notes += sync_ports(world, bridge, container).done
    except SomeFailed as error:
        world.notes += [*error.lines, *map(sentence, error.failures)]
    except Error as error:
        world.notes.append(sentence(error))


_COMMANDS: dict[str, Callable[[World, list[str], Call], Outcome | None]] = {
    "add-port": _add_port,
    "add-ports": _add_ports,
    "del-port": _del_port,
    "del-ports": _del_ports,
    "set-vlan": _set_vlan,
    "set-trunk": _set_trunk,
    "sync": _sync,
    "watch": _watch,
    "driver": _driver,
    "get-port": _get_port,
    "list-ports": _list_ports,
    "list-networks": _list_networks,
    "check": _check,
}
