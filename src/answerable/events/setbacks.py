"""One row that can't be worked on never holds up the others of its loop."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError

FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 3600.0
OUTAGE = (OperationalError, InterfaceError)
"""The database is away or busy: no row's fault, so the whole loop waits."""
logger = logging.getLogger(__name__)


@dataclass
class Setbacks:
    """Rows of one kind that failed in this process: how often in a row, and until when (monotonic) each is left alone.

    >>> setbacks = Setbacks("clock")
    >>> setbacks.attempt(7, lambda: None)
    >>> setbacks.resting()
    []
    """

    kind: str
    _failed: dict[int, tuple[int, float]] = field(default_factory=dict)

    def resting(self) -> list[int]:
        """Keys of the rows to leave alone for now."""
        now = time.monotonic()
        return [key for key, (_times, until) in self._failed.items() if until > now]

    def attempt(self, key: int, work: Callable[[], object]) -> None:
        """Do the work on this row. What goes wrong is logged, and the row waits twice as long each time.

        Raises what says that the database is away.
        """
        try:
            work()
        except OUTAGE:
            raise
        except Exception:
            times = self._failed.get(key, (0, 0.0))[0] + 1
            wait = min(FIRST_WAIT_SECONDS * 2 ** (times - 1), LONGEST_WAIT_SECONDS)
            self._failed[key] = (times, time.monotonic() + wait)
            logger.exception("%s %s failed; again in %.0f s, the others go on", self.kind, key, wait)
        else:
            self._failed.pop(key, None)

    def forget(self) -> None:
        """Let every row be tried at once."""
        self._failed.clear()

    def attempt_all(self, keys: Sequence[int], work: Callable[[Sequence[int]], object]) -> None:
        """Do the work on all these rows at once. Where it fails, on each half alone, down to the row that is to blame;
        so the work is all or nothing, such as a transaction.
        """
        if len(keys) == 1:
            self.attempt(keys[0], lambda: work(keys))
        elif keys:
            try:
                work(keys)
            except OUTAGE:
                raise
            except Exception as error:
                logger.info("%d %ss failed together (%s); each half goes on alone", len(keys), self.kind, error)
                middle = len(keys) // 2
                self.attempt_all(keys[:middle], work)
                self.attempt_all(keys[middle:], work)
            else:
                for key in keys:
                    self._failed.pop(key, None)

    def sooner(self, wanted: float | None) -> float | None:
        """Seconds until the loop wants to run again, those who rest included."""
        now = time.monotonic()
        waits = [until - now for _times, until in self._failed.values() if until > now]
        return min([*waits, *([] if wanted is None else [wanted])], default=None)
