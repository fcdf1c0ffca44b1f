"""Planning add-port of one port: the plan, its sentences, or its refusal."""

from collections.abc import Sequence

import pytest

from ovs_docker.apply.runner import Step
from ovs_docker.errors import Error
from ovs_docker.model.port import PortSpec
from ovs_docker.plan.attach import AttachPlan, attach
from ovs_docker.resolve.facts import Facts
from tests.unit.samples import RANDOM_MAC


def plan(spec: PortSpec, fact: Facts, *, may_exist: bool = False, wait: bool = True) -> AttachPlan:
    return attach([spec], [fact], [RANDOM_MAC], may_exist, wait)


def said(steps: Sequence[Step]) -> list[str]:
    return [line for step in steps for line in step.describe()]


def sentences(spec: PortSpec, fact: Facts, **how: bool) -> list[str]:
    return said(plan(spec, fact, **how).steps)


def refusal(kind: type[Error], spec: PortSpec, fact: Facts, **how: bool) -> str:
    with pytest.raises(kind) as refused:
        plan(spec, fact, **how)
    return refused.value.message
