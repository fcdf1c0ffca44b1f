"""Which containers' labels count."""

from ovs_docker.model.container import Listed
from ovs_docker.parse.labels import PODMAN_PROJECT, PROJECT
from ovs_docker.verbs.labelled import readable

LABELS = {"ovs-docker.eth0": "bridge=br-int"}


def container(name: str, running: bool = True, **labels: str) -> Listed:
    return Listed(f"id of {name}", name, running, {**LABELS, **{PROJECT: labels["project"]}} if labels else LABELS)


LISTED = [
    container("c3", project="lab"),
    container("c1"),
    container("c2", running=False),
    container("c0", project="other"),
    Listed("id of c9", "c9", True),
]


def test_running_containers_count_in_the_order_of_their_names() -> None:
    assert [spec.container for spec in readable(LISTED, None)[0]] == ["c0", "c1", "c3"]


def test_a_compose_project_has_its_own_only() -> None:
    assert [spec.container for spec in readable(LISTED, "lab")[0]] == ["c3"]


def test_a_project_of_podman_compose_is_one_too() -> None:
    theirs = Listed("id of c7", "c7", True, {**LABELS, PODMAN_PROJECT: "lab"})
    assert [spec.container for spec in readable([*LISTED, theirs], "lab")[0]] == ["c3", "c7"]


def test_one_containers_malformed_labels_do_not_bind_a_watchs_hands() -> None:
    bad = Listed("id of c2", "c2", True, {"ovs-docker.eth0": "bridge=br-int mtu=1"})
    specs, failures = readable([container("c1"), bad, container("c3")], None)
    assert ([spec.container for spec in specs], [failure.place for failure in failures]) == (
        ["c1", "c3"],
        ["container c2, label ovs-docker.eth0"],
    )


def test_of_two_that_want_one_address_the_first_has_it() -> None:
    wish = {"ovs-docker.eth0": "bridge=br-int ipaddress=10.0.0.2/24"}
    specs, failures = readable([Listed(f"id of {name}", name, True, wish) for name in ("c2", "c1", "c3")], None)
    assert ([spec.container for spec in specs], [failure.place for failure in failures]) == (
        ["c1"],
        ["container c2, label ovs-docker.eth0", "container c3, label ovs-docker.eth0"],
    )
