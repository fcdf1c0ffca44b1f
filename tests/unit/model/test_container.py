"""Which container a recorded word means: c1 never means c10."""

import pytest

from ovs_docker.model.container import Listed, is_full_id, meant
from tests.unit.samples import ID

C1, C10 = Listed(ID, "c1", True), Listed(ID[:20] + "f" * 44, "c10", True)


@pytest.mark.parametrize(
    ("word", "containers"),
    [
        ("c1", [C1]),
        ("c10", [C10]),
        ("c", []),
        ("", []),
        (ID, [C1]),
        (ID[:21], [C1]),
        (ID[:12], [C1, C10]),
        (ID[:11], []),
        (ID[1:20], []),
    ],
)
def test_a_word_means_a_container_by_name_or_by_a_short_id(word: str, containers: list[Listed]) -> None:
    assert meant(word, [C1, C10]) == containers


def test_fewer_digits_do_where_they_are_said_to() -> None:
    assert (meant(ID[:3], [C1], digits=1), meant("", [C1], digits=1)) == ([C1], [])


def test_a_name_goes_before_an_id_that_begins_so() -> None:
    named = Listed("f" * 64, ID[:12], False)
    assert meant(ID[:12], [C1, named]) == [named]


def test_a_full_id_has_64_hex_digits() -> None:
    assert [is_full_id(word) for word in (ID, ID[:63], "x" * 64)] == [True, False, False]
