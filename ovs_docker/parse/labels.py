"""Container labels to PortSpecs: `ovs-docker.<interface>=bridge=br-int ipaddress=10.244.1.3/16 …`. Pure.

Which containers there are, and their labels, is asked by verbs/.
"""

from ovs_docker.errors import BadValue, at
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.options import MANY, NAMES, Options
from ovs_docker.parse.spec import port_spec

PREFIX = "ovs-docker."
PROJECT = "com.docker.compose.project"
PODMAN_PROJECT = "io.podman.compose.project"


def port_specs(container: str, labels: dict[str, str]) -> list[PortSpec]:
    """Read one container's labels; raise BadValue naming container and label."""
    specs = []
    for label in sorted(labels):
        if label.startswith(PREFIX):
            with at(f"container {container}, label {label}"):
                specs.append(_port_spec(container, label, labels[label]))
    return specs


def _port_spec(container: str, label: str, text: str) -> PortSpec:
    options = _options(text)
    bridge = options.pop("bridge", [""])[-1]
    if not bridge:
        raise BadValue("names no bridge", "write bridge=NAME")
    place = f"container {container}, label {label}"
    return port_spec((bridge, label.removeprefix(PREFIX), container), options, place)


def _options(text: str) -> Options:
    """Split blank-separated option=value words; quotes are not needed, since no value has blanks."""
    options: Options = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        if name != "bridge" and name not in NAMES:
            raise BadValue(f"{name}: unknown option", f"known: bridge, {', '.join(NAMES)}")
        if not equals:
            raise BadValue(f"{name}: needs a value", f"write {name}=VALUE")
        if name in options and name not in MANY:
            raise BadValue(f"{name}: given twice")
        options.setdefault(name, []).append(value)
    return options
