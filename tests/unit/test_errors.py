"""The codes of errors: programs compare them, so they never change."""

from ovs_docker import errors
from ovs_docker.errors import Error
from ovs_docker.report import outcome

CODES = {
    "AddressTaken": "address-taken",
    "AlreadyAttached": "already-attached",
    "AttachedOtherwise": "attached-otherwise",
    "BadValue": "bad-value",
    "BridgeUnfit": "bridge-unfit",
    "ContainerUnfit": "container-unfit",
    "DockerMissing": "docker-unreachable",
    "DockerRemote": "docker-remote",
    "Error": "error",
    "IfaceIdTaken": "iface-id-taken",
    "InterfaceExists": "interface-exists",
    "KernelRefused": "kernel-refused",
    "LogicalPortExists": "logical-port-exists",
    "ManyStrays": "many-strays",
    "NoPermission": "no-permission",
    "NoSuchContainer": "no-such-container",
    "NoSuchLogicalSwitch": "no-such-logical-switch",
    "NorthboundMissing": "northbound-unreachable",
    "NotAttached": "not-attached",
    "OvsdbMissing": "ovsdb-unreachable",
    "OvsdbRefused": "ovsdb-refused",
    "OvnUnfit": "ovn-unfit",
    "SomeFailed": "some-failed",
    "TimedOut": "timeout",
    "TlsFailed": "tls-failed",
    "TooFewWords": "usage",
    "Unwell": "unwell",
    "UsageError": "usage",
    "VswitchdElsewhere": "vswitchd-elsewhere",
    "VswitchdRefused": "vswitchd-refused",
    "WorldChanged": "world-changed",
}


def kinds() -> dict[str, type[Error]]:
    found = {name: kind for name, kind in (vars(errors) | vars(outcome)).items() if isinstance(kind, type)}
    return {name: kind for name, kind in found.items() if issubclass(kind, Error)}


def test_the_codes_are_these() -> None:
    assert {name: kind.code for name, kind in sorted(kinds().items())} == CODES


def test_no_two_errors_share_a_code_but_those_of_usage() -> None:
    codes = [kind.code for name, kind in kinds().items() if name != "TooFewWords"]
    assert len(set(codes)) == len(codes)


def test_the_old_scripts_sentences_are_marked_as_exact() -> None:
    assert sorted(name for name, kind in kinds().items() if kind.exact) == [
        "AlreadyAttached",
        "NotAttached",
        "TooFewWords",
        "UsageError",
    ]


def test_an_interruption_is_swallowed_by_no_except_error() -> None:
    assert not issubclass(errors.Interrupted, Exception)
