"""What changed ports look like afterwards, for the verbs that write. Looking closely is state.py's."""

from typing import Any

from ovs_docker.world import World


def told(world: World, names: list[str]) -> list[dict[str, Any]]:
    """Describe ports by name as they are now, if anybody reads it."""
    if not world.reports:
        return []
    from ovs_docker.resolve import ports
    from ovs_docker.verbs import state

    return state.objects(world, state.owned(world, ports.named(world.db, names)))
