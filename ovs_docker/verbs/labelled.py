"""The ports that running containers' labels ask for. parse/labels.py reads one container's labels."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ovs_docker.errors import Error, Gathered
from ovs_docker.model.container import Listed
from ovs_docker.model.port import PortSpec
from ovs_docker.parse.labels import PODMAN_PROJECT, PREFIX, PROJECT, misspelt, of_ports, port_specs
from ovs_docker.resolve.facts import answer_or_raise, answers
from ovs_docker.world import World

_Pairs = Mapping[str, str]
_MANY = 1000  # images


class Labels(NamedTuple):
    """Which labels count: of which compose project (None: any), naming which bridges (empty: any).

    Those of an image do not, unless `of_images`: whoever builds an image is not who runs it. `known` caches the labels
    of images by id, which never change.
    """

    project: str | None
    of_images: bool
    bridges: frozenset[str]
    known: dict[str, _Pairs]


def readable(world: World, containers: Iterable[Listed], which: Labels) -> tuple[list[PortSpec], list[Error]]:
    """Return the ports asked for, and an error for each container whose labels are wrong: it must not block watch.

    A label is the container's own if its image has none of that name, or one of another value. Raises TimedOut.
    """
    specs, gathered, running = list[PortSpec](), Gathered(), _running(containers, which.project)
    world.notes += [line for each in running for line in _misspelt(each)]
    wanted = [each for each in running if of_ports(each.labels)]
    images = {} if which.of_images else _of_images(world, wanted, which.known)
    for each in wanted:
        world.deadline.left("labels to be read")
        with gathered.at(f"container {each.name}"):
            theirs = answer_or_raise(images.get(each.image, {}))
            own = {label: text for label, text in each.labels.items() if theirs.get(label) != text}
            specs += port_specs(each.name, own, each.id, which.bridges)
    return specs, gathered.errors


def _running(containers: Iterable[Listed], project: str | None) -> list[Listed]:
    running = (each for each in containers if each.running and project in (None, *_projects(each)))
    return sorted(running, key=lambda each: each.name)


def _misspelt(container: Listed) -> list[str]:
    labels = misspelt(container.labels)
    return [f"container {container.name}: label {each} asks for nothing: write {PREFIX}INTERFACE" for each in labels]


def _projects(container: Listed) -> tuple[str | None, str | None]:
    return container.labels.get(PROJECT), container.labels.get(PODMAN_PROJECT)


def _of_images(world: World, wanted: list[Listed], known: dict[str, _Pairs]) -> dict[str, _Pairs | Error]:
    """Return the labels of images, asking once per image; an error for an image that cannot be inspected."""
    if len(known) > _MANY:
        known.clear()
    found = answers(world.docker.ask_image, (each.image for each in wanted if each.image and each.image not in known))
    known.update((image, of_ports(labels)) for image, labels in found.items() if not isinstance(labels, Error))
    return {**found, **known}
