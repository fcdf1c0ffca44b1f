"""One tree of errors, each with a stable code and a hint that says what to do.

Errors are raised where they are understood and caught once, in cli/; how they look is report.py's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


class Error(Exception):
    """What went wrong, for a person: `message` names the value or the thing, `hint` the next move.

    Where an option is at fault `option` is its bare name and `value` what it was given; the message begins with them.
    `code` is stable and meant for programs (JSON). `exact` marks the old script's own sentences,
    which its callers compare: nothing is added to them.
    """

    code = "error"
    exact = False
    place = ""
    """Which of several ports: `ports[17] (container c17)`, with file and line where there is one."""

    dashes = "--"
    """What stands before an option's name; a file has it as a key, without them."""

    also: Sequence["Error"] = ()
    """What the same look found wrong with other ports, so that --keep-going need not look once for each."""

    def __init__(self, said: str, hint: str = "", option: str = "", value: object = None) -> None:
        super().__init__(said)
        self.said = said
        self.hint = hint
        self.option = option
        self.value = value

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        name = f"{self.dashes}{self.option}" if self.option else ""
        subject = "=".join(str(part) for part in (name or None, self.value) if part is not None)
        return f"{subject}: {self.said}" if subject else self.said


class Gathered:
    """The errors of a batch: each is said at its port, the first is raised when all ports have been looked at."""

    def __init__(self) -> None:
        self.errors: list[Error] = []

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        try:
            with at(place):
                yield
        except Error as error:
            self.errors.append(error)

    def check(self) -> None:
        if self.errors:
            self.errors[0].also = self.errors[1:]
            raise self.errors[0]


@contextmanager
def at(place: str) -> Iterator[None]:
    """Let errors of the body say which port they are about."""
    try:
        yield
    except Error as error:
        error.place = error.place or place
        raise


@contextmanager
def about(option: str, value: object) -> Iterator[None]:
    """Let errors of the body say which option's value is at fault; without an option, what else the value is."""
    try:
        yield
    except Error as error:
        error.option, error.value = option, value
        raise


class UsageError(Error):
    """The words of the call are wrong. `verb` is part of the prefix, as the old script has it."""

    code = "usage"
    exact = True

    def __init__(self, message: str, hint: str = "", verb: str = "") -> None:
        super().__init__(message, hint)
        self.verb = verb


class TooFewWords(UsageError):
    """del-port, del-ports, set-vlan with too few words: the script prints its usage on stdout, exit 1."""


class BadValue(Error):
    """An option's or word's value that cannot be; said before anything is touched."""

    code = "bad-value"


class AlreadyAttached(Error):
    code = "already-attached"
    exact = True

    def __init__(self, container: str, interface: str) -> None:
        said = f"Port already attached for CONTAINER={container} and INTERFACE={interface}"
        super().__init__(said, "--may-exist accepts that; del-port detaches it")


class AttachedOtherwise(Error):
    """--may-exist found the port, but not as asked."""

    code = "attached-otherwise"


class NotAttached(Error):
    code = "not-attached"
    exact = True

    def __init__(self, container: str, interface: str) -> None:
        said = f"Failed to find any attached port for CONTAINER={container} and INTERFACE={interface}"
        super().__init__(said, "ovs-docker list-ports shows what is attached")


class NoSuchContainer(Error):
    code = "no-such-container"

    def __init__(self, container: str, hint: str = "docker ps -a lists those that are") -> None:
        super().__init__(f"Failed to get the PID of the container {container}: no such container", hint)


class ContainerUnfit(Error):
    """The container is there but cannot take an interface: stopped, or on the host's network."""

    code = "container-unfit"


class InterfaceExists(Error):
    code = "interface-exists"

    def __init__(self, interface: str, container: str | None) -> None:
        where = f"in container {container}" if container else "on this host"
        hint = f"choose another INTERFACE, or remove that one from the {'container' if container else 'host'}"
        super().__init__(f"interface {interface} exists already {where}", hint)


class BridgeUnfit(Error):
    """The bridge is not as the options want it, or does not exist where it has to."""

    code = "bridge-unfit"


class IfaceIdTaken(Error):
    """Another interface that works has the iface-id: two would take the logical port from each other."""

    code = "iface-id-taken"


class NoSuchLogicalSwitch(Error):
    code = "no-such-logical-switch"


class LogicalPortExists(Error):
    """A logical port of that name is there, and it is not ours."""

    code = "logical-port-exists"


class AddressTaken(Error):
    """Another port of the logical switch has the address."""

    code = "address-taken"


class OvnUnfit(Error):
    """OVN cannot serve the port as things are: a subnet, ovn-controller's settings or the right bridge is missing."""

    code = "ovn-unfit"


class NoPermission(Error):
    code = "no-permission"

    def __init__(self, what: str, hint: str = "run ovs-docker as root") -> None:
        super().__init__(f"no permission to {what}", hint)


class DockerMissing(Error):
    code = "docker-unreachable"


class DockerRemote(Error):
    code = "docker-remote"


class OvsdbMissing(Error):
    code = "ovsdb-unreachable"


class NorthboundMissing(OvsdbMissing):
    """No server of OVN's northbound database can be worked with."""

    code = "northbound-unreachable"


class TlsFailed(Error):
    """The database is there, but one side does not accept the other's certificate, or does not speak TLS."""

    code = "tls-failed"


class OvsdbRefused(Error):
    """The database answered with an error."""

    code = "ovsdb-refused"


class SomeFailed(Error):
    """Some of many things could not be done, as under --keep-going; `data` are those that were."""

    code = "some-failed"

    def __init__(self, failures: list[Error], said: str, data: list[dict[str, Any]], lines: Sequence[str] = ()) -> None:
        super().__init__(said)
        self.failures = failures
        self.data = data
        self.lines = lines


class Unwell(Error):
    """check found something wrong; `lines` tell everything that it looked at, `data` the same for JSON."""

    code = "unwell"

    def __init__(self, findings: int, data: list[dict[str, Any]], lines: Sequence[str]) -> None:
        super().__init__(f"{findings} thing{'s are' if findings > 1 else ' is'} wrong")
        self.data = data
        self.lines = lines


class WorldChanged(Error):
    """A condition of our transaction no longer holds: somebody else was faster."""

    code = "world-changed"


class KernelRefused(Error):
    code = "kernel-refused"


class VswitchdRefused(Error):
    """ovs-vswitchd has seen the port and cannot use it."""

    code = "vswitchd-refused"


class VswitchdElsewhere(Error):
    """The database is not that of this host's Open vSwitch: its ovs-vswitchd sees other devices than we do."""

    code = "vswitchd-elsewhere"

    def __init__(self, message: str) -> None:
        hint = "--db has to name the database of the Open vSwitch of this host; --ovs-container=NAME tells of one in a "
        super().__init__(message, f"{hint}container")


class TimedOut(Error):
    code = "timeout"


class Interrupted(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP: not an Error, so that no `except Error` swallows it."""

    def __init__(self, signum: int, said: str = "interrupted") -> None:
        super().__init__(signum)
        self.signum = signum
        self.said = said
