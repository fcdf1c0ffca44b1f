"""Composes the JSON Schema of files for add-ports from the option table. parse/file.py reads them."""

from typing import Any

from ovs_docker.parse.options import PORT, Option

_TEXT = {"type": ["string", "number"]}
_TEXTS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_WORDS = {
    "bridge": {**_TEXT, "maxLength": 15, "description": "Created if it does not exist."},
    "interface": {**_TEXT, "maxLength": 15, "description": "Name inside the container."},
    "container": {**_TEXT, "description": "Name, short or full id."},
}


def schema() -> dict[str, Any]:
    port = {"$ref": "#/$defs/port"}
    options = {option.name: {**_values(option), "description": option.help} for option in PORT}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Ports for ovs-docker add-ports --file",
        "type": "object",
        "required": ["ports"],
        "additionalProperties": False,
        "patternProperties": {"^x-": {"description": "Ignored: a place for anchors."}},
        "properties": {
            "defaults": {**port, "description": "What every port has unless it says otherwise."},
            "ports": {"type": "array", "items": port},
        },
        "$defs": {"port": {"type": "object", "additionalProperties": False, "properties": {**_WORDS, **options}}},
    }


def _values(option: Option) -> dict[str, Any]:
    if option.choices:
        return {"enum": list(option.choices)}
    if not option.metavar:
        return {"enum": [True, False, "true", "false", ""]}
    if "=" in option.metavar:  # KEY=VALUE
        return {"anyOf": [*_TEXTS["anyOf"], {"type": "object", "additionalProperties": _TEXT}]}
    return _TEXTS if option.many or option.metavar.endswith("…") else _TEXT
