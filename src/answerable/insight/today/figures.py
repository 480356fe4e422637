"""Yesterday in figures, each beside what such a day usually is, in the reader's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from answerable.core.calendar import business_seconds
from answerable.core.estimates import Definition, Estimate, by_row, difference, satisfaction, share, usual
from answerable.insight.cards import DEFINITIONS
from answerable.insight.today.happened import KINDS, Happened, happened
from answerable.measure.words import number, of_estimate
from answerable.web.words import reader_locale

if TYPE_CHECKING:
    from answerable.insight.today.board import Board

MEDIAN = Definition("first_response.business.p50.kaplan_meier", 2)
IN_TIME = Definition("compliance.first_response", 1)
KEPT = Definition("compliance.all", 1)
NONE = "–"
FEWEST = 5
"""Of fewer cases a share or a median is not compared."""
COUNTS = {
    "arrived": (
        gettext_lazy("Arrived"),
        gettext_lazy("Conversations that customers began on that day and that these teams have now; spam is left out."),
    ),
    "answered": (
        gettext_lazy("Answered"),
        gettext_lazy("Conversations in which a person wrote to the customer on that day, whenever they began."),
    ),
    "solved": (
        gettext_lazy("Solved"),
        gettext_lazy("Conversations that were solved on that day, whenever they began."),
    ),
    "reopened": (
        gettext_lazy("Came back"),
        gettext_lazy("Conversations that were opened again on that day after they had been solved."),
    ),
}


@dataclass(frozen=True)
class Shown:
    """A figure on the board. `beside` says what is usual and how it stands to that; `change` is better, worse or
    empty where nothing may be claimed; `icon` shows the same."""

    key: str
    label: str
    value: str
    definition: str
    interval: str
    sample: str
    source: str
    href: str
    usual: str
    word: str
    change: str
    icon: str


def yesterday(board: Board) -> list[Shown]:
    """Eight figures of the last working day. Four queries."""
    days = [board.yesterday, *board.like(board.yesterday)]
    found = happened(days, board.team_ids, now=board.now)
    there, before = found[days[0].on], [found[day.on] for day in days[1:]]
    speaker = Speaker(board)
    counts = [speaker.count(key, getattr(there, key), [getattr(day, key) for day in before]) for key in COUNTS]
    first, all_kinds = KINDS[:1], KINDS
    return [
        *counts[:2],
        speaker.median(there, before),
        speaker.kept("first-responses", _("First responses in time"), IN_TIME, first, there, before),
        *counts[2:],
        speaker.kept("promises", _("Promises kept"), KEPT, all_kinds, there, before),
        speaker.satisfied(there, before),
    ]


class Speaker:
    """Says the figures of one board to its reader."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.locale = str(reader_locale())

    def count(self, key: str, count: int, before: Sequence[int]) -> Shown:
        label, definition = COUNTS[key]
        ordinary = usual(before)
        said = {"more": _("more than usual"), "fewer": _("fewer than usual"), "as usual": _("as usual")}
        verdict = ordinary.verdict(count)
        mean = self._number(ordinary.mean) if ordinary.mean is not None else ""
        interval = ""
        if ordinary.low is not None and ordinary.high is not None:
            interval = _("such a day has %(low)s to %(high)s") % {
                "low": self._number(np.ceil(ordinary.low)),
                "high": self._number(np.floor(ordinary.high)),
            }
        return Shown(
            key=key,
            label=str(label),
            value=self._number(count),
            definition=f"{definition} {self._how()}",
            interval=interval,
            sample=self._days(len(before)),
            source=_("usual.count, v1; prediction interval (Hahn and Meeker 1991)"),
            href=self._list(key) if count else "",
            usual=_("usually %s") % mean if mean else "",
            word=said.get(verdict, _("too few to compare")),
            change="",
            icon={"more": "trending-up", "fewer": "trending-down", "as usual": "equal"}.get(verdict, ""),
        )

    def median(self, there: Happened, before: Sequence[Happened]) -> Shown:
        definition = str(DEFINITIONS["first_response"])
        return self._compared(
            "first_response",
            _("First response"),
            self._wait([there]),
            self._wait(before),
            definition,
            less_is_good=True,
        )

    def kept(
        self, key: str, label: str, of: Definition, kinds: Sequence[str], there: Happened, before: Sequence[Happened]
    ) -> Shown:
        def estimate(days: Sequence[Happened]) -> Estimate:
            met, due = (sum(counts[kind] for counts in each for kind in kinds) for each in _clocks(days))
            return share(met, due, of)

        definition = (
            str(DEFINITIONS["first_response_compliance"])
            if len(kinds) == 1
            else _(
                "Of all promises whose time began on that day and has run out or been decided since, the share that "
                "was kept: first and further answers, and solutions."
            )
        )
        return self._compared(key, label, estimate([there]), estimate(before), definition)

    def satisfied(self, there: Happened, before: Sequence[Happened]) -> Shown:
        def estimate(days: Sequence[Happened]) -> Estimate:
            return satisfaction([sum(day.scores[score] for day in days) for score in range(1, 6)]).satisfied

        definition = _(
            "Of the ratings that customers gave on that day, from 1 to 5, the share of 4 and 5. The report counts them "
            "on the day the customer was asked."
        )
        return self._compared("rated", _("Satisfaction (CSAT)"), estimate([there]), estimate(before), definition)

    def _compared(
        self,
        key: str,
        label: str,
        found: Estimate,
        ordinary: Estimate,
        definition: str,
        *,
        less_is_good: bool = False,
    ) -> Shown:
        """An estimate beside that of all such days together, claiming only what the intervals bear."""
        word, change, icon = _("too few to compare"), "", ""
        if min(found.n, ordinary.n) >= FEWEST and found.known and ordinary.known:
            differs = difference(found, ordinary)
            word, icon = _("not distinguishable from usual"), "equal"
            if differs.distinguishable and differs.value is not None:
                up = differs.value > 0
                if less_is_good:
                    word = _("longer than usual") if up else _("shorter than usual")
                else:
                    word = _("higher than usual") if up else _("lower than usual")
                change, icon = ("worse" if up == less_is_good else "better"), f"trending-{'up' if up else 'down'}"
        elif found.n >= FEWEST and not found.known:
            word = _("not half have been answered")
        value = self._value(found)
        return Shown(
            key=key,
            label=label,
            value=value,
            definition=definition,
            interval=self._interval(found),
            sample=self._sample(key, found.n),
            source=f"{found.definition.name}, v{found.definition.version}; {found.method}",
            href=self._list("arrived" if key == "first_response" else key) if found.n else "",
            usual=_("usually %s") % self._value(ordinary) if ordinary.n else "",
            word=word,
            change=change,
            icon=icon,
        )

    def _wait(self, days: Sequence[Happened]) -> Estimate:
        """The median until the first answer: who still waits has waited until now, and nobody beyond a solution."""
        ended: list[float] = []
        going_on: list[float] = []
        calendar = next(iter(self.board.calendars), None)
        for day in days:
            ended += day.waits
            going_on += day.settled
            if calendar is not None:
                going_on += [business_seconds(calendar, since, self.board.now) for since in day.waiting_since]
        curve = by_row(
            np.array([*ended, *going_on]), np.array([True] * len(ended) + [False] * len(going_on), dtype=bool)
        )
        return curve.percentiles((0.5,), (MEDIAN,), "seconds")[0]

    def _value(self, estimate: Estimate) -> str:
        if estimate.value is not None:
            return self._said(estimate.value, estimate)
        if estimate.n and estimate.low is not None and estimate.unit == "seconds":
            return f"> {self._said(estimate.low, estimate)}"
        return NONE

    def _said(self, value: float, estimate: Estimate) -> str:
        return of_estimate(value, estimate, self.locale, 0)

    def _interval(self, estimate: Estimate) -> str:
        if estimate.value is None or estimate.low is None or estimate.high is None:
            return ""
        return f"{self._said(estimate.low, estimate)} – {self._said(estimate.high, estimate)}"

    def _number(self, count: float) -> str:
        return number(float(count), "count", self.locale, 0 if count == round(count) else 1)

    def _sample(self, key: str, n: int) -> str:
        if key == "rated":
            return ngettext("%(n)s rating", "%(n)s ratings", n) % {"n": self._number(n)}
        if key == "first_response":
            return ngettext("%(n)s conversation", "%(n)s conversations", n) % {"n": self._number(n)}
        return ngettext("%(n)s promise that fell due", "%(n)s promises that fell due", n) % {"n": self._number(n)}

    def _days(self, days: int) -> str:
        return ngettext("%(n)s earlier day like it", "%(n)s earlier days like it", days) % {"n": days}

    def _how(self) -> str:
        return _(
            "Usual is the mean of the same weekday in the last eight weeks, holidays left out; a day counts as unusual "
            "outside of what one such day in twenty exceeds by chance."
        )

    def _list(self, key: str) -> str:
        asked = {"of": key, "team": self.board.team.pk, "day": self.board.yesterday.on.isoformat()}
        return f"{reverse('today-conversations')}?{urlencode(asked)}"


def _clocks(days: Sequence[Happened]) -> tuple[list[Counter[str]], list[Counter[str]]]:
    """Those met, and those that fell due, of each day."""
    return [day.met for day in days], [day.due for day in days]
