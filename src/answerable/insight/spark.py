"""A trend small enough to stand beside a sentence: a line with its interval and its table, drawn by ourselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from answerable.insight.cards import period_words

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.insight.cards import Words

WIDTH, HEIGHT, MARGIN = 160, 40, 3
FEWEST = 2  # a single point is no trend
Run = list[tuple[float, float, float, float]]  # x, and the heights of value, low and high


@dataclass(frozen=True)
class Spark:
    """Lines and bands as lists of points in a box of WIDTH by HEIGHT, broken where nothing was counted; `dots` are
    single pieces and the last one. `rows` say the same in words."""

    title: str
    scale: str
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    box: str = f"0 0 {WIDTH} {HEIGHT}"


def spark(pieces: Iterable[tuple[date, date, Estimate]], words: Words) -> Spark | None:
    """The trend of (first day, day after the last, estimate), or None where there are fewer than two values."""
    pieces = list(pieces)
    known = [each.value for _since, _until, each in pieces if each.value is not None]
    if len(known) < FEWEST:
        return None
    bottom, top = _scale(known, share=pieces[0][2].unit == "share")
    runs = list(_runs([each for _since, _until, each in pieces], bottom, top))
    first = pieces[0][2]
    lowest, highest = (words.said(value, first, 0) for value in (min(known), max(known)))
    return Spark(
        title=_("From period to period: lowest %(lowest)s, highest %(highest)s")
        % {"lowest": lowest, "highest": highest},
        scale=_("Scale from %(bottom)s to %(top)s")
        % {"bottom": words.said(bottom, first, 0), "top": words.said(top, first, 0)},
        lines=tuple(" ".join(f"{x:.1f},{y:.1f}" for x, y, _low, _high in run) for run in runs if len(run) > 1),
        bands=tuple(_band(run) for run in runs if len(run) > 1),
        dots=tuple((f"{run[-1][0]:.1f}", f"{run[-1][1]:.1f}") for run in runs if len(run) == 1 or run is runs[-1]),
        columns=(_("Days"), _("Value"), _("95 %% interval") % (), _("Sample")),
        rows=tuple(
            (
                period_words(since, until - timedelta(days=1)),
                words.value(each),
                words.interval(each),
                words.count(each.n),
            )
            for since, until, each in pieces
        ),
    )


def _scale(values: list[float], *, share: bool) -> tuple[float, float]:
    """Bottom and top: round numbers around the values. What lies below zero, or of a share above one, is not there."""
    low, high = min(values), max(values)
    if share:
        return max(0.0, floor(low * 10 - 0.5) / 10), min(1.0, ceil(high * 10 + 0.5) / 10)
    return 0.0, high * 1.15 or 1.0


def _runs(estimates: Sequence[Estimate], bottom: float, top: float) -> Iterable[Run]:
    """What hangs together: pieces side by side that have a value."""
    step = (WIDTH - 2 * MARGIN) / max(1, len(estimates) - 1)

    def height(value: float) -> float:
        within = min(max(value, bottom), top)
        return MARGIN + (top - within) / (top - bottom) * (HEIGHT - 2 * MARGIN)

    run: Run = []
    for place, each in enumerate(estimates):
        if each.value is None:
            if run:
                yield run
            run = []
            continue
        low = bottom if each.low is None else each.low
        high = top if each.high is None else each.high
        run.append((MARGIN + place * step, height(each.value), height(low), height(high)))
    if run:
        yield run


def _band(run: Run) -> str:
    """The interval's outline: along the highs, and back along the lows."""
    there = [f"{x:.1f},{high:.1f}" for x, _y, _low, high in run]
    back = [f"{x:.1f},{low:.1f}" for x, _y, low, _high in reversed(run)]
    return " ".join(there + back)
