"""Which containers' labels count."""

from collections.abc import Iterable
from typing import Any

import pytest

from ovs_docker.errors import ContainerUnfit, Error
from ovs_docker.model.container import Listed
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.labels import PODMAN_PROJECT, PROJECT
from ovs_docker.verbs import labelled
from ovs_docker.verbs.labelled import Labels
from ovs_docker.world import Settings, World

LABELS = {"ovs-docker.eth0": "bridge=br-int"}
OTHER = {"ovs-docker.eth0": "bridge=br-ex"}
IMAGES = {"same": LABELS, "other": OTHER, "more": {**OTHER, "ovs-docker.eth1": "bridge=br-ex"}, "none": {}}


class Engine:
    """Knows the images, and remembers which it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask_image(self, image: str) -> Any:
        self.asked.append(image)
        return type("Question", (), {"answer": lambda self: IMAGES[image] if image in IMAGES else _gone()})()


def _gone() -> dict[str, str]:
    raise ContainerUnfit("gone")


def readable(listed: Iterable[Listed], **which: Any) -> tuple[list[PortSpec], list[Error]]:
    world = World(Settings())
    world._docker = which.pop("engine", Engine())
    chosen = {"project": None, "of_images": False, "bridges": frozenset[str](), "known": {}, **which}
    return labelled.readable(world, listed, Labels(**chosen))


def notes(*labels: dict[str, str]) -> list[str]:
    """Return the warnings about the labels of a running container."""
    world = World(Settings())
    listed = [Listed("id", "c1", True, each) for each in labels]
    labelled.readable(world, listed, Labels(None, True, frozenset(), {}))
    return world.notes


@pytest.mark.parametrize(
    "label", ["ovsdocker.eth0", "ovs-docker", "ovs_docker.eth0", "OVS-Docker.eth0", "ovs-docker:eth0"]
)
def test_a_label_that_only_looks_like_one_of_ours_is_warned_of(label: str) -> None:
    assert notes({label: "bridge=br-int"}, LABELS) == [
        f"container c1: label {label} asks for nothing: write ovs-docker.INTERFACE"
    ]
    assert notes(LABELS, {"org.ovs-docker": "x", "ovs": "docker"}) == []


def called(listed: Iterable[Listed], **which: Any) -> list[str]:
    return [spec.called for spec in readable(listed, **which)[0]]


def container(name: str, running: bool = True, image: str = "", **labels: str) -> Listed:
    project = {PROJECT: labels["project"]} if labels else {}
    return Listed(f"id of {name}", name, running, {**LABELS, **project}, image)


LISTED = [
    container("c3", project="lab"),
    container("c1"),
    container("c2", running=False),
    container("c0", project="other"),
    Listed("id of c9", "c9", True),
]


def test_running_containers_count_in_the_order_of_their_names() -> None:
    assert called(LISTED) == ["c0", "c1", "c3"]


def test_a_port_is_that_of_a_full_id_whatever_others_are_called() -> None:
    assert [spec.container for spec in readable(LISTED)[0]] == ["id of c0", "id of c1", "id of c3"]


def test_a_compose_project_has_its_own_only() -> None:
    assert called(LISTED, project="lab") == ["c3"]


def test_a_project_of_podman_compose_is_one_too() -> None:
    theirs = Listed("id of c7", "c7", True, {**LABELS, PODMAN_PROJECT: "lab"})
    assert called([*LISTED, theirs], project="lab") == ["c3", "c7"]


def test_one_containers_malformed_labels_do_not_block_a_watch() -> None:
    bad = Listed("id of c2", "c2", True, {"ovs-docker.eth0": "bridge=br-int mtu=1"})
    specs, failures = readable([container("c1"), bad, container("c3")])
    assert ([spec.called for spec in specs], [failure.place for failure in failures]) == (
        ["c1", "c3"],
        ["container c2, label ovs-docker.eth0"],
    )


# --- images' labels -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("image", "counts"), [("same", False), ("other", True), ("none", True), ("", True)])
def test_a_label_counts_that_the_image_has_not_or_has_otherwise(image: str, counts: bool) -> None:
    assert bool(called([container("c1", image=image)])) == counts
    assert called([container("c1", image=image)], of_images=True) == ["c1"]


def test_an_image_is_asked_for_once_and_one_without_labels_in_question_never() -> None:
    engine, known = Engine(), dict[str, Any]()
    listed = [container("c1", image="same"), container("c2", image="same"), Listed("c3", "c3", True, {}, "none")]
    for _ in range(2):
        readable(listed, engine=engine, known=known)
    assert engine.asked == ["same"]


def test_where_the_image_is_gone_no_label_counts_and_it_is_told() -> None:
    specs, failures = readable([container("c1", image="gone"), container("c2", image="gone"), container("c3")])
    assert ([spec.called for spec in specs], [failure.place for failure in failures]) == (
        ["c3"],
        ["container c1", "container c2"],
    )


def test_labels_may_name_these_bridges_only() -> None:
    specs, failures = readable([Listed("1", "c1", True, OTHER), container("c2")], bridges=frozenset({"br-int"}))
    assert ([spec.called for spec in specs], [failure.message for failure in failures]) == (
        ["c2"],
        ["bridge br-ex may not be named by labels"],
    )


def test_a_container_with_too_many_labels_is_told_and_has_none() -> None:
    many = {f"ovs-docker.e{number}": "bridge=br-int" for number in range(257)}
    specs, failures = readable([Listed("1", "c1", True, many), container("c2")])
    assert ([spec.called for spec in specs], [failure.message for failure in failures]) == (
        ["c2"],
        ["has 257 labels ovs-docker.INTERFACE"],
    )
