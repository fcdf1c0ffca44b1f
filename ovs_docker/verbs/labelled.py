"""The ports that running containers' labels ask for. Reading one container's labels is sources/labels.py's."""

from collections.abc import Iterable

from ovs_docker.errors import BadValue, Error
from ovs_docker.model.container import Listed
from ovs_docker.model.port import PortSpec
from ovs_docker.parse import together
from ovs_docker.parse.labels import PODMAN_PROJECT, PROJECT, port_specs


def readable(containers: Iterable[Listed], project: str | None) -> tuple[list[PortSpec], list[Error]]:
    """Return the ports that can be, and errors for the others: one container's labels must not bind a watch's hands."""
    specs: list[PortSpec] = []
    failures: list[Error] = []
    for each in _wanted(containers, project):
        try:
            specs += port_specs(each.name, each.labels)
        except BadValue as error:
            failures.append(error)
    return together.sift(specs, failures)


def _wanted(containers: Iterable[Listed], project: str | None) -> list[Listed]:
    wanted = [each for each in containers if each.running and project in (None, *_projects(each))]
    return sorted(wanted, key=lambda each: each.name)


def _projects(container: Listed) -> tuple[str | None, str | None]:
    return container.labels.get(PROJECT), container.labels.get(PODMAN_PROJECT)
