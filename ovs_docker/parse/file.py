"""Parses a YAML or JSON file into PortSpecs; errors name the file, line and key. JSON is a subset of YAML.

Values are read as written: no MAC becomes a number, no `no` a false. parse/schema.py describes the format.
"""

from typing import NamedTuple

import yaml

from ovs_docker.errors import BadValue, Error, at
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.options import MANY, NAMES, Options
from ovs_docker.parse.spec import port_spec

_WORDS = ("bridge", "interface", "container")
_TOP = ("defaults", "ports")
_Node = yaml.nodes.Node


class _Value(NamedTuple):
    """The values of one key, and their line."""

    texts: list[str]
    line: int


_Port = dict[str, _Value]


def port_specs(name: str, text: str) -> list[PortSpec]:
    """Parse the text of file `name`; raise BadValue for the first invalid port."""
    specs, failures = readable(name, text)
    if failures:
        raise failures[0]
    return specs


def readable(name: str, text: str) -> tuple[list[PortSpec], list[Error]]:
    """Return the valid ports, and errors for the others; raise BadValue for an invalid file."""
    top = _mapping(_compose(name, text), name, "the file", _TOP)
    defaults = _port(top["defaults"], name, "defaults") if "defaults" in top else {}
    if "ports" not in top or not isinstance(top["ports"], yaml.SequenceNode):
        raise BadValue(f"{name}: needs a list under the key ports")
    specs, failures = list[PortSpec](), list[Error]()
    for number, node in enumerate(top["ports"].value):
        try:
            specs.append(_spec(name, number, node, defaults))
        except BadValue as error:
            failures.append(error)
    return specs, failures


def _compose(name: str, text: str) -> _Node:
    try:
        node = yaml.compose(_without_tabs(text), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        said = ", ".join(part for part in (error.context, error.problem) if part)
        raise BadValue(f"{name}{line}: {said or 'is neither YAML nor JSON'}") from None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):  # the last two from escapes like \UFFFFFFFF
        raise BadValue(f"{name}: is neither YAML nor JSON") from None
    if node is None:
        raise BadValue(f"{name}: is empty", "it needs a list under the key ports")
    return node


def _without_tabs(text: str) -> str:
    """Expand tabs in JSON, which may be indented by them, unlike YAML; strings in JSON contain none."""
    return text.expandtabs() if text.lstrip().startswith("{") else text


def _mapping(node: _Node, name: str, what: str, known: tuple[str, ...]) -> dict[str, _Node]:
    """Return a mapping's values by key; raise BadValue for anything else, and for unknown and duplicate keys."""
    place = f"{name}:{node.start_mark.line + 1}"
    if not isinstance(node, yaml.MappingNode):
        raise BadValue(f"{place}: {what} must be a mapping (key: value)")
    _merge(node, name, what)
    found: dict[str, _Node] = {}
    for key, value in node.value:
        place = f"{name}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode):
            raise BadValue(f"{place}: {what}: has a key that is not a word")
        if key.value.startswith("x-") and known == _TOP:
            continue  # as in compose files, where anchors stand
        if key.value not in known:
            raise BadValue(f"{place}: {what}: unknown key {key.value}", f"known: {', '.join(known)}")
        if key.value in found:
            raise BadValue(f"{place}: {what}: duplicate key {key.value}")
        found[key.value] = value
    return found


_MERGE = "tag:yaml.org,2002:merge"  # the key <<


def _merge(node: yaml.MappingNode, name: str, what: str) -> None:
    """Put the mappings under the merge key into this one, whose own keys count, then the first of several.

    Each is done once, in place, so that neither a loop nor aliases of aliases take long.
    """
    merged = [value for key, value in node.value if key.tag == _MERGE]
    node.value = [pair for pair in node.value if pair[0].tag != _MERGE]
    known = {key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}
    for value in merged:
        for each in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if not isinstance(each, yaml.MappingNode):
                raise BadValue(f"{name}:{each.start_mark.line + 1}: {what}: << takes a mapping, e.g. *base")
            _merge(each, name, what)
            new = [(key, inner) for key, inner in each.value if str(key.value) not in known]
            node.value += new
            known.update(str(key.value) for key, _ in new)


def _port(node: _Node, name: str, what: str) -> _Port:
    found = _mapping(node, name, what, (*_WORDS, *NAMES))
    return {key: _Value(_texts(key, value, name, what), value.start_mark.line + 1) for key, value in found.items()}


def _texts(key: str, node: _Node, name: str, what: str) -> list[str]:
    """Read a scalar, a list of scalars or, for external-id, a mapping."""
    if isinstance(node, yaml.ScalarNode):
        return [node.value]
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        texts = [item.value for item in node.value]
        return texts if key in MANY else [",".join(texts)]
    if key == "external-id" and isinstance(node, yaml.MappingNode):
        _merge(node, name, what)
    if key == "external-id" and isinstance(node, yaml.MappingNode) and _all_scalars(node):
        return [f"{left.value}={right.value}" for left, right in node.value]
    pairs = ", or KEY: VALUE pairs" if key == "external-id" else ""
    said = f"{name}:{node.start_mark.line + 1}: {what}: {key} has an invalid value"
    raise BadValue(said, f"it takes a word or a list of words{pairs}")


def _all_scalars(node: yaml.MappingNode) -> bool:
    return all(isinstance(part, yaml.ScalarNode) for pair in node.value for part in pair)


def _spec(name: str, number: int, node: _Node, defaults: _Port) -> PortSpec:
    port = {**defaults, **_port(node, name, f"ports[{number}]")}
    container = port["container"].texts[-1] if "container" in port else ""
    place = f"{name}:{node.start_mark.line + 1}: ports[{number}]" + (f" (container {container})" if container else "")
    with at(place):
        for word in _WORDS:
            if word not in port or not port[word].texts[-1]:
                raise BadValue(f"names no {word}", f"give it here or under defaults as {word}: NAME")
    bridge, interface, _ = (port[word].texts[-1] for word in _WORDS)
    options: Options = {key: value.texts for key, value in port.items() if key in NAMES}
    try:
        with at(place):
            return port_spec((bridge, interface, container), options, place)
    except BadValue as error:
        raise _at_key(error, name, number, port) from None


def _at_key(error: BadValue, name: str, number: int, port: _Port) -> BadValue:
    """Turn an option's error into one of the file, with the line of the key."""
    if error.option in port:
        container = port["container"].texts[-1]
        error.place = f"{name}:{port[error.option].line}: ports[{number}] (container {container})"
    error.dashes = ""
    return error
