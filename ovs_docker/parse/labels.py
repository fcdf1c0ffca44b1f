"""Container labels to PortSpecs: `ovs-docker.<interface>=bridge=br-int ipaddress=10.244.1.3/16 …`. Pure.

Which containers there are, their labels, and which of those are their images' own, is asked by verbs/.
"""

from collections.abc import Collection, Mapping

from ovs_docker.errors import BadValue, at
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.options import MANY, NAMES, Options
from ovs_docker.parse.spec import port_spec

PREFIX = "ovs-docker."
PROJECT = "com.docker.compose.project"
PODMAN_PROJECT = "io.podman.compose.project"
_MOST = 256  # interfaces of one container: whoever writes labels must not fill the memory of whoever reads them


def of_ports(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels that ask for ports."""
    return {label: text for label, text in labels.items() if label.startswith(PREFIX)}


def misspelt(labels: Mapping[str, str]) -> list[str]:
    """Return the labels that look as if they asked for a port and do not."""
    alike = (label for label in labels if not label.startswith(PREFIX))
    return [label for label in alike if "".join(filter(str.isalpha, label)).lower().startswith("ovsdocker")]


def port_specs(
    container: str, labels: Mapping[str, str], full_id: str = "", bridges: Collection[str] = ()
) -> list[PortSpec]:
    """Read one container's labels; raise BadValue naming container and label.

    The ports are those of `full_id`, which no other container can be called by; `bridges` are those that labels may
    name, empty: all.
    """
    wanted, place = of_ports(labels), f"container {container}"
    if len(wanted) > _MOST:
        raise BadValue(f"has {len(wanted)} labels {PREFIX}INTERFACE", f"{_MOST} are the most")
    specs = []
    for label in sorted(wanted):
        with at(f"{place}, label {label}"):
            spec = _port_spec(full_id or container, label, wanted[label])
            if bridges and spec.bridge not in bridges:
                raise BadValue(f"bridge {spec.bridge} may not be named by labels", "--label-bridges lists the others")
            specs.append(spec._replace(called=container, place=f"{place}, label {label}"))
    return specs


def _port_spec(container: str, label: str, text: str) -> PortSpec:
    options = _options(text)
    bridge = options.pop("bridge", [""])[-1]
    if not bridge:
        raise BadValue("names no bridge", "write bridge=NAME")
    return port_spec((bridge, label.removeprefix(PREFIX), container), options)


def _options(text: str) -> Options:
    """Split blank-separated option=value words; quotes are not needed, since no value has blanks."""
    options: Options = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        if name != "bridge" and name not in NAMES:
            raise BadValue(f"{name}: unknown option", f"known: bridge, {', '.join(NAMES)}")
        if not equals:
            raise BadValue(f"{name}: needs a value", f"write {name}=VALUE")
        if value.endswith(","):
            raise BadValue(f"{word}: ends in a comma", "separate options with blanks")
        if name in options and name not in MANY:
            raise BadValue(f"{name}: given twice")
        options.setdefault(name, []).append(value)
    return options
