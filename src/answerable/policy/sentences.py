"""The policy's objectives in their own words, for packages below that speak of them by key."""

from collections.abc import Mapping

from answerable.policy.running import compiled, in_force_id


def objectives_in_force() -> Mapping[str, str]:
    """By key, in the policy's order; nothing before there is a policy. One query."""
    version_id = in_force_id()
    if version_id is None:
        return {}
    return {objective.key: objective.sentence for objective in compiled(version_id).objectives.values()}
