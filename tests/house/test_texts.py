"""README, docs/, CHANGELOG, CONTRIBUTING and the man page say what is so.

That the commands they show do what they say is tested in tests/integration/packaging/test_docs.py.
"""

import json
import os
import re
from typing import Any

import pytest
import yaml

from ovs_docker import __version__
from ovs_docker.cli.grammar import BY_NAME, VERBS
from ovs_docker.cli.words import read, words
from ovs_docker.errors import BadValue
from ovs_docker.model.port import PortRow, PortSpec
from ovs_docker.model.record import Record
from ovs_docker.parse import file, labels
from ovs_docker.report.outcome import port_object
from ovs_docker.report.text import envelope
from tests.house.checkout import DOCUMENTS, EVERY_OPTION, ROOT, blocks, names_word, text
from tests.unit.samples import together

TEXTS = (*DOCUMENTS, "CHANGELOG.md", "CONTRIBUTING.md", "man/ovs-docker.8")
ROOMS = (
    "tests",
    "completions",
    "man",
    "ovs_docker",
    ".ci",
    ".release",
    *(room.name for room in (ROOT / "ovs_docker").iterdir()),
)
FILE = re.compile(r"[A-Z]+\.md|LICENSE|pyproject\.toml|tox\.ini|[a-z_]+\.py")


def mentioned(name: str) -> set[str]:
    """Return what a text mentions that looks like a file of the checkout."""
    found = re.findall(r"`([\w./-]+)`|\]\(([\w./-]+)\)", text(name))
    words = {word.rstrip("/") for pair in found for word in pair if word}
    return {word for word in words if word.partition("/")[0] in ROOMS or FILE.fullmatch(word)}


def is_there(word: str) -> bool:
    return (ROOT / word).exists() or (ROOT / "ovs_docker" / word).exists()


def described_port() -> dict[str, Any]:
    row = PortRow("", "", "", "", "", "", "", Record(), None, "", None, "", None, None, (), "", ({}, {}))
    return port_object(row, "up")


def test_the_changelog_has_this_version() -> None:
    assert re.search(rf"^## \[({re.escape(__version__)}|Unreleased)\]", text("CHANGELOG.md"), flags=re.MULTILINE)


def test_readme_begins_with_two_sentences_and_two_commands() -> None:
    opening = text("README.md").partition("\n## ")[0]
    assert len(re.findall(r"\.(?:\s|$)", opening)) == 2
    assert blocks("sh")[0] == "tests/run demo\ntests/run\n"


def test_readme_is_a_front_page() -> None:
    assert len(text("README.md").encode()) <= 9216


@pytest.mark.parametrize("name", [name for name in TEXTS if name.endswith(".md")])
def test_the_links_of_a_text_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([\w./-]+)\)", text(name))
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


def test_readme_leads_to_every_document() -> None:
    links = re.findall(r"\]\((docs/[\w.-]+)\)", text("README.md"))
    assert {"README.md", *links} == set(DOCUMENTS)


def test_the_quick_start_commands_are_there_and_ci_runs_the_second() -> None:
    assert os.access(ROOT / "tests/run", os.X_OK)
    assert re.search(r"^ +demo\)$", text("tests/run"), flags=re.MULTILINE)
    assert text(".ci/run").splitlines()[-1] == "exec tests/run"
    assert os.access(ROOT / ".ci/run", os.X_OK)


@pytest.mark.parametrize("name", TEXTS)
def test_the_files_that_a_text_mentions_are_there(name: str) -> None:
    assert sorted(word for word in mentioned(name) if not is_there(word)) == []


def test_contributing_names_every_room_of_the_house() -> None:
    rooms = [room.name for room in (ROOT / "ovs_docker").iterdir() if room.suffix in ("", ".py")]
    tests = [f"tests/{room.name}" for room in (ROOT / "tests").iterdir() if room.is_dir()]
    named = mentioned("CONTRIBUTING.md")
    wanted = {room for room in (*rooms, *tests) if not room.split("/")[-1].startswith(("_", "."))}
    assert sorted(wanted - named) == []


def test_the_tox_environments_that_a_text_mentions_are_there() -> None:
    named = {env for name in TEXTS for env in re.findall(r"tox -e (\w+)", text(name))}
    known = set(re.findall(r"^\[testenv:(\w+)\]$", text("tox.ini"), flags=re.MULTILINE))
    assert named - known - {"py310", "py311", "py312", "py313"} == set()


def test_the_reference_names_every_verb_and_option() -> None:
    wanted = [*BY_NAME, *(f"--{option.name}" for option in EVERY_OPTION)]
    assert [word for word in wanted if not names_word(word, text("docs/reference.md"))] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_commands_that_a_document_shows_use_words_that_exist(name: str) -> None:
    shown = re.findall(r"ovs-docker (?:--\S+ )*([a-z]+-[a-z]+)", text(name))
    assert set(shown) <= {verb.name for verb in VERBS}


def test_the_json_that_the_documents_show_has_the_form_that_is_printed() -> None:
    lines = "".join(blocks("console")).splitlines()
    shown = [json.loads(line) for line in lines if line.startswith("{")]
    assert [list(one) for one in shown] == [list(envelope("", [], []))] * 2
    assert [list(port) for port in shown[0]["data"]] == [list(described_port())]
    assert [list(error) for error in shown[1]["errors"]] == [["code", "message", "hint"]]


def compose_services() -> list[dict[str, Any]]:
    """Return the services of the documents' compose files."""
    shown = [yaml.safe_load(block) for block in blocks("yaml")]
    return [service for one in shown for service in one.get("services", {}).values()]


def test_the_file_that_the_documents_show_is_read() -> None:
    (shown,) = (block for block in blocks("yaml") if "\nports:" in block)
    assert [spec.container for spec in together(file.port_specs("lab.yaml", shown))] == ["netsho1", "netsho2"]


def test_the_error_that_the_documents_show_is_what_is_said() -> None:
    (shown,) = (block for block in blocks("yaml") if "\nports:" in block)
    with pytest.raises(BadValue) as refused:
        file.port_specs("lab.yaml", shown.replace("vlan: 5", "vlan: 5000"))
    assert f"ovs-docker: {refused.value.place}: {refused.value.message}" in "".join(blocks("console")).splitlines()


def test_the_labels_that_the_documents_show_are_read() -> None:
    found: list[PortSpec] = []
    for number, service in enumerate(compose_services()):
        found += labels.port_specs(f"c{number}", service.get("labels", {}))
    assert [(spec.bridge, spec.interface) for spec in together(found)] == [
        ("br-int", "eth0"),
        ("br-int", "eth0"),
        ("br-storage", "eth1"),
    ]


UNIT = ".release/ovs-docker.service"


def test_the_services_that_are_installed_or_shown_run_a_call_that_parses() -> None:
    units = "".join([text(UNIT), *blocks("ini")])
    started = re.findall(r"^ExecStart=\S+/ovs-docker (.+)$", units, flags=re.MULTILINE)
    started += [
        service["command"].removeprefix("ovs-docker ") for service in compose_services() if "command" in service
    ]
    calls = [read(line.split()) for line in started]
    assert [(call.verb.name, words(call)) for call in calls] == [("watch", [])] * 3


def test_the_unit_leaves_a_sync_time_between_signs_of_life() -> None:
    """A sign comes at half of WatchdogSec; a sync that waits takes as long as --timeout and its rollback."""
    (seconds,) = re.findall(r"^WatchdogSec=(\d+)$", text(UNIT), flags=re.MULTILINE)
    assert int(seconds) / 2 > 60 + 10
