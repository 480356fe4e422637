"""A forecast as it is kept: of each channel the days ahead, the shape of a week, and how far off it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from answerable.core.staffing.forecast import Error, Forecast
from answerable.core.staffing.volumes import WEEK, Volumes

AHEAD_DAYS = 9 * WEEK
"""So that eight whole weeks, Monday to Sunday, lie in it."""
SHOWN_DAYS = 8 * WEEK


@dataclass(frozen=True)
class Channel:
    """`expected`, `low` and `high` are contacts a day from the first day ahead; `shape` is 7 x 24, Monday first;
    `past` the last days before, for a drawing. Shares are of one; `handling_seconds` is what a file told; `unusual`
    are the days (ISO) from which nothing was learned."""

    contacts: float
    expected: list[float]
    low: list[float]
    high: list[float]
    shape: list[list[float]]
    past: list[float]
    is_modelled: bool
    trend: float | None
    holiday: float | None
    error: Error | None
    handling_seconds: float | None
    unusual: list[str]

    @classmethod
    def of(cls, volumes: Volumes, found: Forecast, handling_seconds: float | None) -> Channel:
        days = found.days
        return cls(
            contacts=float(volumes.days.sum()),
            expected=[round(each, 3) for each in days.expected.tolist()],
            low=[round(each, 3) for each in days.low.tolist()],
            high=[round(each, 3) for each in days.high.tolist()],
            shape=[[round(each, 5) for each in row] for row in found.shape.tolist()],
            past=volumes.days[-SHOWN_DAYS:].tolist(),
            is_modelled=found.is_modelled,
            trend=days.trend,
            holiday=days.holiday,
            error=found.error,
            handling_seconds=handling_seconds,
            unusual=[(volumes.first + timedelta(days=number)).isoformat() for number in days.unusual],
        )

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Channel:
        error = kept["error"]
        if error is not None:
            error = Error(**{**error, "first": date.fromisoformat(error["first"])})
        return cls(**{**kept, "error": error})

    def hours(self, day: int, weekday: int) -> list[float]:
        """Contacts by the hour of one of the days ahead."""
        return [self.expected[day] * share for share in self.shape[weekday]]


@dataclass(frozen=True)
class Result:
    """`first` to `last` are the days of history; forecast is from the day after."""

    first: date
    last: date
    channels: Mapping[str, Channel]
    holidays_known: bool
    notes: list[dict[str, Any]]

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Result:
        return cls(
            date.fromisoformat(kept["first"]),
            date.fromisoformat(kept["last"]),
            {key: Channel.read(each) for key, each in kept["channels"].items()},
            kept["holidays_known"],
            kept["notes"],
        )

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        channels = {key: asdict(each) for key, each in self.channels.items()}
        for each in channels.values():
            if each["error"] is not None:
                each["error"]["first"] = each["error"]["first"].isoformat()
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "channels": channels,
            "holidays_known": self.holidays_known,
            "notes": self.notes,
        }

    @property
    def days(self) -> int:
        """Of history."""
        return (self.last - self.first).days + 1

    @property
    def mondays(self) -> list[date]:
        """Of the whole weeks ahead."""
        ahead = self.last + timedelta(days=1)
        first = ahead + timedelta(days=-ahead.weekday() % WEEK)
        return [first + timedelta(days=WEEK * number) for number in range(AHEAD_DAYS // WEEK - 1)]
