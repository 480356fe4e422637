"""The first page: six questions answered, and what stands out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from answerable.measure.document.apart import differs, farthest
from answerable.measure.document.model import Block, Card, Cards, Paragraph, Points, Section, Tone
from answerable.measure.document.texts import PERIOD_EMPTY, PROXY, UNDATED, name_of
from answerable.measure.measuring import NEEDS, SIX
from answerable.measure.words import gettext_noop, number, of_estimate

if TYPE_CHECKING:
    from answerable.measure.document.pen import Pen
    from answerable.measure.figure import Indicator
    from answerable.measure.study import Study

WAITS = ("first_response", "resolution")
_VERDICTS = {
    "met": gettext_noop("{target}: met"),
    "missed": gettext_noop("{target}: missed"),
    "not distinguishable": gettext_noop("{target}: not distinguishable from it"),
    None: gettext_noop("{target}: nothing to hold against it"),
}
_UNITS = {"csat": "share", "first_response": "seconds", "retention": "share", "engagement": "share"}
"""Of the six, where they are no scores."""
_TONES: dict[str | None, Tone] = {"met": "good", "missed": "bad"}


def when(study: Study, pen: Pen) -> str:
    """The days that the report is of, and their time zone; that there are none, where the files hold no date."""
    return f"{pen.period(study.report.period)} ({study.report.period.zone})" if study.dated else pen(UNDATED)


def cover(study: Study, pen: Pen) -> Section:
    """The cards of the six and, below, sentences."""
    cards = tuple(card(study, pen, name) for name in SIX)
    blocks: list[Block] = [Cards(cards)]
    proxies = dict.fromkeys(each for file in study.reading.files for each in file.mapping.proxies)
    blocks += [Paragraph(pen(PROXY, what=pen(each)), "warn") for each in proxies]
    return Section(
        "six", pen(gettext_noop("Six questions")), tuple(blocks),
        (Section("stands-out", pen(gettext_noop("What stands out")), (Points(tuple(outstanding(study, pen))),)),),
    )  # fmt: skip


def outstanding(study: Study, pen: Pen) -> list[str]:
    """Sentences that the intervals bear, and one where there are none."""
    telling = [each for each in study.report.conclusions if each.code not in ("empty", "one_sided", "same", "open")]
    found = [each.sentence(pen.words, pen.locale) for each in telling]
    for name, indicator in study.report.indicators.items():
        if (apart := farthest(indicator)) is not None:
            dimension, group = apart
            found.append(f"{pen(name_of(name))}, {differs(pen, group, dimension)}")
    for code, words in _UNCERTAIN.items():
        names = [pen(name_of(each.indicator)) for each in study.report.conclusions if each.code == code]
        found += [pen(words, names="; ".join(names))] if names else []
    return found or [pen(gettext_noop("Nothing stands out."))]


def card(study: Study, pen: Pen, name: str) -> Card:
    """One of the six; where it could not be measured, what it needs."""
    indicator = study.report.indicators.get(name)
    title = pen(name_of(name))
    if indicator is None or not indicator.total.estimate.n:
        lacking = any(each.kpi == name for each in study.reading.missing)
        needs = pen(gettext_noop("Not measured: it needs {needs}."), needs=pen(NEEDS[name]))
        reason = needs if lacking else pen(gettext_noop("Not measured: {why}."), why=pen(PERIOD_EMPTY))
        return Card(name, title, "", "", (), "muted", " ".join((reason, *_wanted(study, pen, name))))
    estimate = indicator.total.estimate
    return Card(
        name, title, pen.value(estimate), pen.interval(estimate), tuple(lines(study, pen, indicator)),
        _TONES.get(indicator.against_target, ""),
    )  # fmt: skip


def _wanted(study: Study, pen: Pen, name: str) -> Iterator[str]:
    """The target of what could not be measured, where there is one: nobody shall think that it was passed over."""
    target = study.promises.targets(study.report.clock).get(name)
    if target is not None:
        unit = _UNITS.get(name, "score")
        said = number(target, unit, pen.locale, 0 if unit == "share" else 2)
        title = pen(gettext_noop("Target"))
        yield f"{title}: {pen(_VERDICTS[None], target=said)}."


def lines(study: Study, pen: Pen, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """What stands under the value: sample, rate, change, target, what others publish."""
    estimate, name = indicator.total.estimate, indicator.name
    yield pen(gettext_noop("Sample")), pen(_COUNTED.get(name, "{n}"), n=pen.count(estimate.n))
    if estimate.coverage is not None:
        yield pen(_RATES.get(name, gettext_noop("Response rate"))), of_share(pen, estimate.coverage)
    elif name in ("csat", "nps", "ces", "servqual", "engagement"):
        yield pen(gettext_noop("Response rate")), pen(gettext_noop("unknown: the files do not say who was asked"))
    elif name == "retention":
        yield pen(gettext_noop("Response rate")), pen(gettext_noop("not a survey: all customers in the files count"))
    before = indicator.before.estimate if indicator.before else None
    yield pen(gettext_noop("Change")), pen.change(indicator.change, before, estimate)
    yield pen(gettext_noop("Target")), _target(study, pen, indicator)
    yield pen(gettext_noop("Others publish")), _published(pen, indicator)


def _target(study: Study, pen: Pen, indicator: Indicator) -> str:
    if indicator.target is None:
        if indicator.name in study.promises.other_clock(study.report.clock):
            return pen(gettext_noop("meant by another clock than these figures are counted by"))
        return pen(gettext_noop("none set"))
    estimate = indicator.total.estimate
    said = of_estimate(indicator.target, estimate, pen.locale, 0 if estimate.unit == "share" else 2)
    return pen(_VERDICTS[indicator.against_target], target=said)


_UNCERTAIN = {
    "same": gettext_noop("Not distinguishable from the period before: {names}."),
    "open": gettext_noop("Not distinguishable from the target: {names}."),
}
_COUNTED = {
    "csat": gettext_noop("{n} (ratings)"),
    "nps": gettext_noop("{n} (answers)"),
    "ces": gettext_noop("{n} (answers)"),
    "first_response": gettext_noop("{n} (conversations)"),
    "resolution": gettext_noop("{n} (conversations)"),
    "reopened": gettext_noop("{n} (conversations solved)"),
    "retention": gettext_noop("{n} (customers at the start)"),
    "servqual": gettext_noop("{n} (people who answered)"),
    "engagement": gettext_noop("{n} (people who answered)"),
}
_RATES = {
    "first_response": gettext_noop("Answered so far"),
    "resolution": gettext_noop("Solved so far"),
}
_STANDINGS = {
    "above": gettext_noop("ours is above"),
    "below": gettext_noop("ours is below"),
    "not distinguishable": gettext_noop("not distinguishable"),
    "unknown": gettext_noop("nothing to compare"),
}
_REFUSALS = {
    "another statistic": gettext_noop("it counts something else"),
    "another unit": gettext_noop("it has another unit"),
    "another scope": gettext_noop("it is about others than you"),
}


def _published(pen: Pen, indicator: Indicator) -> str:
    """The newest published figure of the same definition and scope, or why none fits."""
    found = indicator.benchmarks
    if found is None or not (found.held or found.refused):
        return pen(gettext_noop("nobody, that we know of, by this definition"))
    old = gettext_noop(" (older than two years)")
    if found.held:
        newest = found.held[0]
        said = of_estimate(newest.published.value, indicator.total.estimate, pen.locale, 1)
        words = f"{said}, {pen(newest.published.scope)}, {newest.published.until.year} ({newest.published.source}): "
        return words + pen(_STANDINGS[str(newest.standing)]) + (pen(old) if newest.stale else "")
    nearest = found.refused[0]
    why = ", ".join(pen(_REFUSALS[str(each)]) for each in nearest.refusals)
    where = f"{pen(nearest.published.scope)}, {nearest.published.until.year}: {nearest.published.source}"
    return pen(gettext_noop("none that fits; the nearest ({where}) does not: {why}"), why=why, where=where)


def of_share(pen: Pen, share: float) -> str:
    """A share as a percentage."""
    return number(share, "share", pen.locale)
