"""What passes and leaves no event: who types, who has seen what. Who is away misses it; nothing is written to disk.

On a line of its own, so that no worker wakes for it.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from answerable.events.live.hint import Hint
from answerable.events.wire import notify

CHANNEL = "answerable_signals"
MOST_AT_ONCE = 10
MOST_A_SECOND = 5.0
MOST_BYTES = 7_000  # PostgreSQL refuses a notification of 8,000
MOST_KEPT = 4096


class Pace:
    """How much each may say: so many at once, then so many a second (a token bucket). One a process."""

    def __init__(self, at_once: int = MOST_AT_ONCE, a_second: float = MOST_A_SECOND) -> None:
        self.at_once, self.a_second = at_once, a_second
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def allows(self, who: tuple[str, str], now: float) -> bool:
        """Count one more. `now` in seconds, by any clock that goes on."""
        left, at = self._left.get(who, (float(self.at_once), now))
        left = min(self.at_once, left + (now - at) * self.a_second)
        if len(self._left) >= MOST_KEPT:
            self._left.clear()
        self._left[who] = (max(left - 1, 0.0) if left >= 1 else left, now)
        return left >= 1


PACE = Pace()


def signal(root: str, verb: str, particulars: Mapping[str, Any] | None = None, *, team_id: int | None) -> bool:
    """Tell who is listening now, such as `signal("conversation-42", "visitor.typing", {"on": True}, team_id=3)`.

    They hear it when the transaction commits. False where this root has been told too much of this kind just now:
    MOST_AT_ONCE, then MOST_A_SECOND. Raises ValueError where the particulars are longer than a notification may be.
    """
    if not PACE.allows((root, verb), time.monotonic()):
        return False
    signal_all(verb, [root], particulars, team_id=team_id)
    return True


def signal_all(
    verb: str, roots: Iterable[str], particulars: Mapping[str, Any] | None = None, *, team_id: int | None
) -> None:
    """The same about many things at once, by what the system does itself, so at any pace. One statement."""
    payloads = [Hint(0, verb, root, team_id, particulars).payload() for root in roots]
    if any(len(payload) > MOST_BYTES for payload in payloads):
        raise ValueError(f"A signal may be {MOST_BYTES} bytes long.")
    notify(CHANNEL, payloads)
