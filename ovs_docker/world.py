"""The backends of one call: Docker, OVSDB and the kernel, each opened when first used."""

import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

from ovs_docker.backends.kernel.host_side import HostSide
from ovs_docker.backends.ovsdb import Tls
from ovs_docker.backends.ovsdb.channels import OPEN_VSWITCH, connect
from ovs_docker.backends.ovsdb.session import Ovsdb, Row, pairs
from ovs_docker.backends.vswitch.switch import Switch, default_target, is_here, located_at
from ovs_docker.deadline import Deadline
from ovs_docker.errors import Error, NorthboundMissing, OvsdbMissing, printable
from ovs_docker.model import names

if TYPE_CHECKING:
    from ovs_docker.backends.engine import Engine
    from ovs_docker.backends.ovsdb.channels import SocketChannel
    from ovs_docker.model.chassis import Chassis
    from ovs_docker.report.progress import Progress
else:
    Chassis = Engine = Progress = SocketChannel = object  # strings cost a NamedTuple 0.1 ms each


_RESTART = 2  # seconds
SELECT_ROOT = {"op": "select", "table": "Open_vSwitch", "where": [], "columns": ["_uuid", "external_ids"]}
_NO_ROOT = {"_uuid": ["uuid", "0000000"], "external_ids": ["map", []]}


class Settings(NamedTuple):
    """The global options."""

    db: str | None = None
    ovs_container: str | None = None
    discovers: bool = True
    """Whether the switch may be that of the one container which has one, where this host has none."""
    tls: Tls = Tls(None, None, None)
    docker_host: str | None = None
    nb_db: str | None = None
    timeout: float = 60
    wait: bool = True
    verbose: bool = False
    quiet: bool = False
    dry_run: bool = False  # steps are described, not done
    ovn_patience: float = 0
    """How long OVN may take for each thing that it is asked (watch), in seconds; 0: all the time of the call."""
    reports: bool = False  # whether the state of the ports afterwards is printed (--format=json)


class World:
    """Docker, OVSDB and the kernel as one call sees them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.wait = settings.wait
        self.reports = settings.reports
        self.deadline = Deadline(settings.timeout)
        self.progress: Progress | None = None
        self.planned: list[str] = []
        self.notes: list[str] = []  # warnings from what has no Outcome of its own
        self._db: Ovsdb | None = None
        self._nb: Ovsdb | None = None
        self._nb_missing: tuple[str, ...] = ()
        self._nb_deadline = self.deadline
        self._root: Row | None = None
        self._kept: list[Ovsdb] = []
        self._checked = False
        self._docker: Engine | None = None
        self._switch: Switch | None = None
        self._host: HostSide | None = None

    def tick(self) -> None:
        if self.progress:
            self.progress.tick()

    def say(self, line: str) -> None:
        print(f"ovs-docker: {printable(line)}", file=sys.stderr)

    @property
    def db(self) -> Ovsdb:
        if self._db is None:
            self._db = self._session()
        return self._db

    def _session(self) -> Ovsdb:
        """Open a session; during a rollback, wait a moment for a server that is restarting."""
        until = monotonic() + _RESTART if self._kept else 0
        while True:
            try:
                session = Ovsdb(self.connect(), self.deadline)
                if self._kept:
                    session.transact([])  # a server that is shutting down may still accept a connection
                return session
            except OvsdbMissing:
                if monotonic() > until:
                    raise
                self._forget_switch()
                sleep(0.05)

    def connect(self) -> SocketChannel:
        server = OPEN_VSWITCH._replace(said=self.switch.said)
        return connect(self.switch.target, self.settings.tls, self.deadline, server)

    def check_here(self, at_work: bool = False) -> None:
        """Raise VswitchdElsewhere unless the database is this host's; one known to be is asked only if `at_work`."""
        if at_work or not (self._checked or self.switch.here):
            from ovs_docker.backends.vswitch import presence

            if self.switch.here and self.wait and not self.settings.ovn_patience:  # watch tries again itself
                presence.await_devices(self.db, self.host, self.deadline)
            else:
                presence.check(self.db, self.host, known=self.switch.here)
        self._checked = True

    def read_root(self, rows: list[Row]) -> None:
        """Keep the answer to SELECT_ROOT, which can be part of another query."""
        self._root = rows[0] if rows else _NO_ROOT

    @property
    def root(self) -> Row:
        """The one row of the table Open_vSwitch."""
        if self._root is None:
            self.read_root(self.db.rows([SELECT_ROOT])[0])
        return self._root or _NO_ROOT

    @property
    def host_ids(self) -> dict[str, str]:
        """external_ids of the Open_vSwitch row: the settings of this host, OVN's above all."""
        return pairs(self.root["external_ids"])

    @property
    def chassis(self) -> Chassis:
        """What OVN is told here."""
        from ovs_docker.model import chassis

        return chassis.own(self.host_ids)

    @property
    def groups(self) -> tuple[int, int]:
        """The link groups of this database's host ends: not recorded yet, and recorded."""
        from ovs_docker.backends.ovsdb.answers import nonsense

        try:
            return names.link_groups(self.root["_uuid"][1])
        except ValueError:
            raise nonsense("an id of its own that is none") from None

    @property
    def nb(self) -> Ovsdb:
        """A session with the leader of OVN's northbound database; with `ovn_patience` one failure is enough."""
        if self._nb is None:
            if self._nb_missing:
                raise NorthboundMissing(*self._nb_missing)
            try:
                self._nb = self._northbound()
            except Error as error:
                self._nb_missing = (error.message, error.hint) if self.settings.ovn_patience else ()
                raise
        self._nb_deadline.grant(self.settings.ovn_patience)
        return self._nb

    def _northbound(self) -> Ovsdb:
        from ovs_docker.backends.ovsdb import northbound

        if self.settings.ovn_patience:
            self._nb_deadline = Deadline(self.settings.ovn_patience)
        remotes = northbound.named(self.settings.nb_db) or self.host_ids.get(northbound.CONFIGURED)
        patience = _RESTART if self._kept else 0
        return northbound.connect_leader(remotes or northbound.local(), self.settings.tls, self._nb_deadline, patience)

    @property
    def sessions(self) -> list[Ovsdb]:
        self._nb_deadline.grant(self.settings.ovn_patience)
        return [session for session in (self._db, self._nb) if session is not None]

    def renew_db(self) -> None:
        """Connect anew to the databases: an old connection may be dead, or in the middle of an answer.

        Old ones stay open, because their locks must be held until everything is undone.
        """
        self._kept += self.sessions
        self._db = self._nb = None

    def let_go(self) -> None:
        """Close the sessions kept by renew_db(): a retry takes the same locks in the new one."""
        for session in self._kept:
            session.close()
        self._kept = []

    @property
    def docker(self) -> Engine:
        if self._docker is None:
            from ovs_docker.backends.engine.endpoint import find
            from ovs_docker.backends.engine.find import Local

            self._docker = Local(find(self.settings.docker_host, self.deadline), self.deadline)
        return self._docker

    @property
    def switch(self) -> Switch:
        """The Open vSwitch of this call: the one named, this host's own, or the only container's."""
        if self._switch is None:
            self._switch = self._find_switch()
        return self._switch

    def _find_switch(self) -> Switch:
        db, container = self.settings.db, self.settings.ovs_container
        if not container and (db or is_here() or not self.settings.discovers):
            return located_at(db or default_target())
        from ovs_docker.backends.vswitch import container as ovs_container

        if container:
            return ovs_container.find(self.docker, container, db, self.deadline)
        found = ovs_container.discover(self.docker)
        if found and not self.settings.quiet:
            self.say(f"using the Open vSwitch of container {found.container}")
        return found or located_at(default_target())

    @property
    def host(self) -> HostSide:
        """The network namespace of vswitchd, where the host ends are."""
        if self._host is None:
            self._host = HostSide(self.switch.netns)
        return self._host

    def _forget_switch(self) -> None:
        """Look for the switch again: a restarted container has another socket and another namespace."""
        for each in (self._host, self._switch):
            if each is not None:
                each.close()
        self._switch = self._host = None

    def close(self) -> None:
        """Close descriptors and release locks: errors keep a World alive, and watch opens many."""
        self.renew_db()
        self.let_go()
        self._forget_switch()
