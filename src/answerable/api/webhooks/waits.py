"""How long until the next attempt: longer each time, for three days."""

import random
from datetime import timedelta

GIVE_UP_AFTER = timedelta(days=3)
WAITS_SECONDS = (5, 30, 120, 300, 1800, 3600, 7200, 18000, 36000)
"""After the first attempt, the second...; the last one again and again."""
JITTER = 0.2
"""A fifth more or less, so that what failed together does not come back together."""


def after(attempts: int) -> timedelta:
    """The wait after so many attempts, at least one."""
    seconds = WAITS_SECONDS[min(attempts, len(WAITS_SECONDS)) - 1]
    return timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - not a secret
