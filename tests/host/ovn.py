"""OVN on a private host, started on demand: the two databases with ovn-northd, and ovn-controller.

Open vSwitch and Docker, which every host has, are in services.py.
"""

import subprocess
from pathlib import Path

from tests.host.daemons import STATE, Daemon
from tests.host.services import OVS_SOCKET, accepts

RUN = Path("/run/ovn")
NORTHBOUND, SOUTHBOUND = f"{RUN}/ovnnb_db.sock", f"{RUN}/ovnsb_db.sock"
SCHEMAS = Path("/usr/share/ovn")


def northbound(*remotes: str) -> Daemon:
    """Return the server of the northbound database, which listens on ``remotes``, too; words with -- are options."""
    return _database("ovn-nb", f"punix:{NORTHBOUND}", *remotes)


def southbound(*remotes: str) -> Daemon:
    """Return the server of the southbound database."""
    return _database("ovn-sb", f"punix:{SOUTHBOUND}", *remotes)


def northd() -> Daemon:
    """Return what turns the logical network into flows."""
    remotes = f"--ovnnb-db=unix:{NORTHBOUND}", f"--ovnsb-db=unix:{SOUTHBOUND}"
    command = ("ovn-northd", *remotes, f"--unixctl={RUN}/ovn-northd.ctl", *_options("ovn-northd"))
    return Daemon("ovn-northd", command, lambda: _knows("ovn-northd"))


def controller() -> Daemon:
    """Return what makes this host's Open vSwitch a chassis."""
    command = ("ovn-controller", f"unix:{OVS_SOCKET}", *_options("ovn-controller"))
    return Daemon("ovn-controller", command, _has_integration_bridge)


def start_central(*southbound_remotes: str, northbound_remotes: tuple[str, ...] = ()) -> None:
    """Start the databases, empty ones that listen on these remotes, too, and ovn-northd; raises DaemonFailed."""
    RUN.mkdir(exist_ok=True)
    for name in ("nb", "sb"):
        create(STATE / f"ovn-{name}.db", name)
    for daemon in (northbound(*northbound_remotes), southbound(*southbound_remotes)):
        daemon.start()
    for tool in ("ovn-nbctl", "ovn-sbctl"):
        subprocess.run([tool, "init"], check=True)
    northd().start()


def create(path: Path, kind: str) -> None:
    """Create an empty database of this kind (nb or sb)."""
    path.unlink(missing_ok=True)
    subprocess.run(["ovsdb-tool", "create", path, SCHEMAS / f"ovn-{kind}.ovsschema"], check=True)


def start_chassis(name: str, encap_ip: str, southbound_remote: str = f"unix:{SOUTHBOUND}") -> None:
    """Make this host a chassis with Geneve tunnels and start ovn-controller; raises DaemonFailed."""
    RUN.mkdir(exist_ok=True)
    ids = {
        "system-id": name,
        "ovn-remote": southbound_remote,
        "ovn-encap-type": "geneve",
        "ovn-encap-ip": encap_ip,
        # On a kernel host, too: User Mode Linux lacks the conntrack zones that OVN's flows need.
        "ovn-bridge-datapath-type": "netdev",
    }
    words = [f'external_ids:{key}="{value}"' for key, value in ids.items()]
    subprocess.run(["ovs-vsctl", "set", "Open_vSwitch", ".", *words], check=True)
    controller().start()


def stop_all() -> None:
    """Stop whatever of OVN runs, ovn-controller first, and forget what the switch was told of it."""
    for daemon in (controller(), northd(), northbound(), southbound()):
        daemon.stop()
    keys = ("system-id", "ovn-remote", "ovn-encap-type", "ovn-encap-ip", "ovn-bridge-datapath-type", "ovn-nb")
    words = [word for key in keys for word in ("--", "remove", "Open_vSwitch", ".", "external_ids", key)]
    subprocess.run(["ovs-vsctl", "--no-wait", *words[1:]], check=True)


def _database(name: str, *remotes: str) -> Daemon:
    listening = [remote if remote.startswith("--") else f"--remote={remote}" for remote in remotes]
    control = f"--unixctl={RUN}/{name}.ctl"
    command = ("ovsdb-server", str(STATE / f"{name}.db"), *listening, control, *_options(name))
    return Daemon(name, command, lambda: accepts(remotes[0].removeprefix("punix:")))


def _knows(name: str) -> bool:
    words = ["ovs-appctl", "-t", f"{RUN}/{name}.ctl", "version"]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def _has_integration_bridge() -> bool:
    """ovn-controller makes it first of all."""
    words = ["ovs-vsctl", "--timeout=1", "br-exists", "br-int"]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def _options(name: str) -> tuple[str, ...]:
    return (
        f"--pidfile={RUN}/{name}.pid",
        "--no-chdir",
        "-vconsole:off",
        "-vsyslog:off",
        f"--log-file={STATE}/{name}.log",
    )
