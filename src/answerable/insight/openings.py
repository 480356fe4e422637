"""Business time of many conversations at once, for those that still wait when the facts are taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from answerable.core.calendar import Calendar, intervals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Openings:
    """A calendar's open intervals within a span, as Unix seconds: first to last, none touching the next."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, calendar: Calendar, since: int, until: int) -> Openings:
        """What `calendar` has open between two instants (Unix seconds)."""
        found = intervals(calendar, datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(until, UTC))
        return cls(
            tuple(int(each.start.timestamp()) for each in found), tuple(int(each.end.timestamp()) for each in found)
        )

    def seconds(self, since: NDArray[np.int64], until: int) -> NDArray[np.int64]:
        """Open time from each instant of `since` to `until`; all must lie within the span."""
        import numpy as np

        starts, ends = np.array(self.starts, dtype=np.int64), np.array(self.ends, dtype=np.int64)
        before = np.concatenate(([0], np.cumsum(ends - starts)))

        def open_until(at: NDArray[np.int64]) -> NDArray[np.int64]:
            """Open time from the beginning of the span."""
            place = np.searchsorted(starts, at, side="right")
            inside = np.minimum(at, np.append(0, ends)[place]) - np.append(0, starts)[place]
            return np.where(place == 0, 0, np.append(0, before[:-1])[place] + inside)

        total: NDArray[np.int64] = open_until(np.array([until], dtype=np.int64)) - open_until(since)
        return total


@dataclass(frozen=True)
class Hours:
    """Which openings count for a conversation: those of its first promise, else the usual ones.

    `of_promise` goes by policy version, standard and region (in small letters), empty where the promise is not
    regional or the region has no hours of its own. Without `usual` and promise there is no business time.
    """

    openings: tuple[Openings, ...]
    of_promise: dict[tuple[int, str, str], int]
    usual: int | None

    @classmethod
    def of(
        cls, promises: Iterable[tuple[int, str, str, Calendar]], usual: Calendar | None, since: int, until: int
    ) -> Hours:
        """From (version, standard, region, calendar); each calendar is worked out once."""
        numbers: dict[Calendar, int] = {}
        of_promise = {
            (version, standard, region): numbers.setdefault(calendar, len(numbers))
            for version, standard, region, calendar in promises
        }
        usual_number = None if usual is None else numbers.setdefault(usual, len(numbers))
        return cls(tuple(Openings.of(calendar, since, until) for calendar in numbers), of_promise, usual_number)

    def place(self, version: int | None, standard: str | None, region: str | None) -> int | None:
        """Which of `openings` hold for a first promise; the usual ones where there is none."""
        if version is None or standard is None:
            return self.usual
        of_region = self.of_promise.get((version, standard, region.casefold())) if region else None
        return self.of_promise.get((version, standard, "")) if of_region is None else of_region


NO_HOURS = Hours((), {}, None)
"""For questions in which nothing that lasts is counted."""
