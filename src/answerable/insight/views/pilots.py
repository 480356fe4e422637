"""The results of a pilot, as a part of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from answerable.insight.pilots import Results, results_of
from answerable.insight.views.report import reader
from answerable.measure.words import INDICATORS, percent, percent_points, working
from answerable.policy.findings import verdict_words
from answerable.policy.models import Pilot
from answerable.web.words import duration, reader_locale

if TYPE_CHECKING:
    from answerable.core.estimates import Difference, Estimate

NONE = "–"
INDICATOR_OF = {"csat": "csat"} | {
    kind: f"{kind}_compliance" for kind in ("first_response", "next_response", "resolution")
}


@dataclass(frozen=True)
class Cell:
    """A figure, its interval and how many it is of."""

    value: str
    interval: str = ""
    n: int = 0


@dataclass(frozen=True)
class Row:
    """One measure in both arms. `word` says what may be said of the difference where it is only looked at."""

    label: str
    pilot: Cell
    control: Cell
    difference: Cell
    is_judged: bool = False
    word: str = ""


@require_GET
def pilot_results(request: HttpRequest, pk: int) -> HttpResponse:
    """Both arms side by side, of conversations the reader may see."""
    user = reader(request)
    pilot = get_object_or_404(
        Pilot.objects.visible_to(user).exclude(begun_at=None).select_related("version", "control"), pk=pk
    )
    results = results_of(pilot, user=user)
    context = {
        "pilot": pilot,
        "results": results,
        "verdict": verdict_words(results.as_dict(), is_over=pilot.ended_at is not None),
        "rows": _rows(results),
        "conversations": sum(results.conversations),
    }
    return render(request, "insight/pilot_results.html", context)


def _rows(results: Results) -> list[Row]:
    locale = str(reader_locale())
    shares = [
        Row(
            _(INDICATORS[INDICATOR_OF[each.measure]]),
            _share(each.pilot.estimate, locale),
            _share(each.control.estimate, locale),
            _points(each.difference, locale),
            each.is_judged,
            each.word,
        )
        for each in results.shares
    ]
    waits = [
        Row(
            (_("%s, median in business hours") if each.is_business else _("%s, median by the calendar"))
            % _(INDICATORS[each.measure]),
            _time(each.pilot, locale, is_business=each.is_business),
            _time(each.control, locale, is_business=each.is_business),
            _apart(each.difference, locale, is_business=each.is_business),
        )
        for each in results.waits
    ]
    return sorted(shares, key=lambda row: not row.is_judged) + waits


def _share(estimate: Estimate, locale: str) -> Cell:
    if estimate.value is None:
        return Cell(NONE)
    ends = [percent(end, locale, 1) for end in (estimate.low, estimate.high) if end is not None]
    return Cell(percent(estimate.value, locale, 1), " – ".join(ends), estimate.n)


def _points(apart: Difference, locale: str) -> Cell:
    """In percentage points, with a sign."""
    if apart.value is None:
        return Cell(NONE)
    ends = [_signed(end, percent_points(end, locale)) for end in (apart.low, apart.high) if end is not None]
    return Cell(_signed(apart.value, percent_points(apart.value, locale)), " … ".join(ends))


def _time(estimate: Estimate, locale: str, *, is_business: bool) -> Cell:
    low, high = (None if end is None else _length(end, locale, is_business) for end in (estimate.low, estimate.high))
    if estimate.value is None:
        return Cell(f"> {low}" if low else NONE, "", estimate.n)
    interval = f"{low} – {high}" if low and high else _("%s or more") % low if low else ""
    return Cell(_length(estimate.value, locale, is_business), interval, estimate.n)


def _apart(apart: Difference, locale: str, *, is_business: bool) -> Cell:
    if apart.value is None:
        return Cell(NONE)
    ends = [_signed(end, _length(abs(end), locale, is_business)) for end in (apart.low, apart.high) if end is not None]
    interval = " … ".join(ends) if len(ends) == 2 else ""
    return Cell(_signed(apart.value, _length(abs(apart.value), locale, is_business)), interval)


def _length(seconds: float, locale: str, is_business: bool) -> str:
    return working(seconds, locale) if is_business else duration(timedelta(seconds=seconds))


def _signed(value: float, words: str) -> str:
    return f"{'−' if value < 0 else '+'}{words}" if value else words
