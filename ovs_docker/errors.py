"""One tree of errors, each with a stable code and a hint that says what to do.

Errors are raised where they are understood, caught once in cli/, and formatted in report/text.py.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class Error(Exception):
    """An error for people: `message` names the value or object at fault, `hint` says what to do next.

    If an option is at fault, `option` is its bare name and `value` what it was given; the message starts with them.
    `code` is stable, for programs (JSON). `exact` marks the old script's own messages, which its callers compare:
    nothing is added to them.
    """

    code = "error"
    exact = False
    place = ""  # which of several ports: `ports[17] (container c17)`, with file and line if there is one
    dashes = "--"  # before an option's name; in a file it is a key without them
    also: Sequence["Error"] = ()  # what the same pass found wrong with other ports; --keep-going lists them at once

    def __init__(self, said: str, hint: str = "", option: str = "", value: object = None) -> None:
        super().__init__(said)
        self.said = said
        self.hint = hint
        self.option = option
        self.value = value

    def __str__(self) -> str:
        return self.message

    def again(self) -> "Error":
        """Return another one that says the same: what one look-up says may be about several ports."""
        other = type(self).__new__(type(self), self.said)
        other.__dict__.update(self.__dict__)
        return other

    @property
    def message(self) -> str:
        name = f"{self.dashes}{self.option}" if self.option else ""
        subject = "=".join(str(part) for part in (name or None, self.value) if part is not None)
        return f"{subject}: {self.said}" if subject else self.said


def printable(line: str) -> str:
    """Show what terminals would obey and encodings lack, whatever stands in the database, as Python writes it."""
    if line.isprintable():
        return line
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line)


class Gathered:
    """Collects the errors of a batch, each with its port; the first is raised when all ports have been examined."""

    def __init__(self) -> None:
        self.errors: list[Error] = []

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        try:
            with at(place):
                yield
        except Error as error:
            self.errors.append(alone(error))

    def raise_first(self) -> None:
        if self.errors:
            self.errors[0].also = self.errors[1:]
            raise self.errors[0]


def alone(error: Error) -> Error:
    """Return an error that can be kept: without the frames in which it came to be, and all that they know."""
    error.__context__ = None
    return error.with_traceback(None)


@contextmanager
def at(place: str) -> Iterator[None]:
    """Add to errors raised in the body the port that they are about."""
    try:
        yield
    except Error as error:
        error.place = error.place or place
        raise


@contextmanager
def about(option: str, value: object) -> Iterator[None]:
    """Add to errors raised in the body the option and the value at fault."""
    try:
        yield
    except Error as error:
        error.option, error.value = option, value
        raise


class UsageError(Error):
    """The command line is wrong. `verb` is part of the prefix, as in the old script."""

    code = "usage"
    exact = True

    def __init__(self, message: str, hint: str = "", verb: str = "") -> None:
        super().__init__(message, hint)
        self.verb = verb


class TooFewWords(UsageError):
    """del-port, del-ports, set-vlan with too few words: the script prints its usage on stdout, exit 1."""


class BadValue(Error):
    code = "bad-value"  # raised before anything is changed


class AlreadyAttached(Error):
    code = "already-attached"
    exact = True

    def __init__(self, container: str, interface: str) -> None:
        said = f"Port already attached for CONTAINER={container} and INTERFACE={interface}"
        super().__init__(said, "--may-exist accepts that; del-port detaches it")


class AttachedOtherwise(Error):
    code = "attached-otherwise"  # --may-exist found the port, but with other options


class NotAttached(Error):
    code = "not-attached"
    exact = True

    def __init__(self, container: str, interface: str) -> None:
        said = f"Failed to find any attached port for CONTAINER={container} and INTERFACE={interface}"
        super().__init__(said, "ovs-docker list-ports shows what is attached")


class NoSuchContainer(Error):
    code = "no-such-container"

    def __init__(self, container: str, hint: str = "docker ps -a lists all containers") -> None:
        super().__init__(f"Failed to get the PID of the container {container}: no such container", hint)


class ContainerUnfit(Error):
    code = "container-unfit"  # stopped, or on the host's network


class InterfaceExists(Error):
    code = "interface-exists"

    def __init__(self, interface: str, container: str | None) -> None:
        where = f"in container {container}" if container else "on this host"
        hint = f"choose another INTERFACE, or remove that one from the {'container' if container else 'host'}"
        super().__init__(f"interface {interface} already exists {where}", hint)


class BridgeUnfit(Error):
    code = "bridge-unfit"  # it contradicts the options, or does not exist where it has to


class IfaceIdTaken(Error):
    code = "iface-id-taken"  # by an interface that works: the two would take the logical port from each other


class NoSuchLogicalSwitch(Error):
    code = "no-such-logical-switch"


class LogicalPortExists(Error):
    code = "logical-port-exists"  # and it is not ours


class AddressTaken(Error):
    code = "address-taken"  # by another port of the logical switch, or of the bridge and VLAN


class OvnUnfit(Error):
    code = "ovn-unfit"  # a subnet, ovn-controller's settings or the right bridge is missing


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
    code = "northbound-unreachable"  # no server of OVN's northbound database can be used


class TlsFailed(Error):
    code = "tls-failed"  # one side rejects the other's certificate, or does not speak TLS


class OvsdbRefused(Error):
    code = "ovsdb-refused"  # the database returned an error


class ManyStrays(Error):
    code = "many-strays"  # more than killed calls leave: the database may be the wrong one, or have lost its rows


class WorldChanged(Error):
    code = "world-changed"  # a condition of our transaction no longer holds: somebody else was faster


class KernelRefused(Error):
    code = "kernel-refused"


class VswitchdRefused(Error):
    code = "vswitchd-refused"  # ovs-vswitchd has seen the port and cannot use it


class VswitchdElsewhere(Error):
    code = "vswitchd-elsewhere"  # the database's ovs-vswitchd sees other devices than we do

    def __init__(self, said: str) -> None:
        hint = "--db has to name the database of this host's Open vSwitch; --ovs-container=NAME names a container's"
        super().__init__(said, hint)


class TimedOut(Error):
    code = "timeout"


class Interrupted(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP: not an Error, so that no `except Error` swallows it."""

    def __init__(self, signum: int, said: str = "interrupted") -> None:
        super().__init__(signum)
        self.signum = signum
        self.said = said
