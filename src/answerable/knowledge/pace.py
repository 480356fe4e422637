"""How often one address may ask for what costs little: counted in memory, by each process for itself.

What costs more is counted for all processes together, in the database (settings.ACCOUNT_RATE_LIMITS).
"""

import time
from collections import OrderedDict
from threading import Lock

WINDOW_SECONDS = 60.0
MOST = 60
MOST_ADDRESSES = 20_000


class Pace:
    """At most `most` in a window; addresses that were longest unheard of are forgotten first."""

    def __init__(self, most: int = MOST, window: float = WINDOW_SECONDS) -> None:
        self._most, self._window = most, window
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def allows(self, address: str, now: float | None = None) -> bool:
        """Whether it may ask once more; it has asked then."""
        now = time.monotonic() if now is None else now
        with self._lock:
            began, count = self._counts.pop(address, (now, 0))
            if now - began >= self._window:
                began, count = now, 0
            self._counts[address] = began, min(count + 1, self._most + 1)
            if len(self._counts) > MOST_ADDRESSES:
                self._counts.popitem(last=False)
        return count < self._most


OFFERS = Pace()
"""Articles offered while somebody types."""
