"""Hypothesis's given with as many examples as are wanted: few in the ordinary suite, OVS_DOCKER_FUZZ says how many."""

import os
from collections.abc import Callable
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, settings

EXAMPLES = int(os.environ.get("OVS_DOCKER_FUZZ", "25"))
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=5000,  # milliseconds: an example that takes this long is a defect
    database=None,
    print_blob=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def given(
    *strategies: hypothesis.strategies.SearchStrategy[Any],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with values of these strategies."""
    return lambda test: SETTINGS(hypothesis.given(*strategies)(test))
