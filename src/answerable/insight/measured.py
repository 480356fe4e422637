"""A promise beside what became of it: its compliance, trend and the conversations that broke it, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import get_language, ngettext

from answerable.core.policy import Kpi
from answerable.core.policy.words import within_words
from answerable.insight.asking import ask
from answerable.insight.cards import Card, Line, Words
from answerable.insight.spark import Spark, spark
from answerable.insight.targets import Targets, target_words
from answerable.measure.figure import Figure, Indicator
from answerable.measure.kept import Promise
from answerable.measure.period import Period
from answerable.measure.report import Report, against
from answerable.policy.models import Version
from answerable.policy.running import compiled

if TYPE_CHECKING:
    from answerable.core.policy import Policy, Standard
    from answerable.insight.question import Question
    from answerable.measure.kept import Kept

MOST_VERSIONS = 20


@dataclass(frozen=True)
class PromiseMeasure:
    """What stands beside one promise. Without `card` none of its clocks began in the period."""

    key: str
    sentence: str
    card: Card | None
    spark: Spark | None
    versions: str

    @property
    def broken(self) -> Line | None:
        """How many conversations broke it, and where they are listed."""
        return next((line for line in self.card.lines if "outcome=missed" in line.href), None) if self.card else None


def measured(question: Question, version: Version, standards: Iterable[Standard]) -> list[PromiseMeasure]:
    """Each of these promises of a version over the question's days. Raises EngineError, Refused."""
    found, policy, versions = ask(question.kept()), compiled(version.pk), Versions(question)
    language = get_language() or policy.language
    return [
        _measure(question, policy, standard, found.get(Promise(str(standard.clock), standard.key)), versions, language)
        for standard in standards
    ]


def _measure(
    question: Question, policy: Policy, standard: Standard, kept: Kept | None, versions: Versions, language: str
) -> PromiseMeasure:
    sentence = standard.promise_in(language)
    if kept is None:
        return PromiseMeasure(standard.key, sentence, None, None, "")
    name = f"{standard.clock}_compliance"
    objective = policy.objectives[standard.objective]
    target = objective.target.value / 100 if objective.kpi is Kpi.COMPLIANCE else None
    verdict = against(name, kept.estimate, target)
    total, before = kept.figure, Figure(kept.before, kept.figure.selection)
    indicator = Indicator(name, total, before, kept.change, target, verdict, groups={})
    said = {} if target is None else {name: target_words(objective)}
    words = Words(question, _report(question, {name: indicator}), Targets(said=said))
    return PromiseMeasure(
        standard.key, sentence, words.card(indicator), spark(kept.trend, words), versions.of(standard)
    )


def _report(question: Question, indicators: Mapping[str, Indicator]) -> Report:
    """As much of a report as words need."""
    period = Period(question.since, question.until, question.zone)
    return Report(period, period.before(), 0, "business", (), dict(indicators), {}, {}, [], [])


class Versions:
    """Under which versions of the policy a standard was counted in the question's days; asked for when first wanted."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._in_force: list[tuple[int, int]] | None = None

    def of(self, standard: Standard) -> str:
        """Such as: counted under version 1 (4 working hours) and 2 (2 working hours); nothing where there is none."""
        held = [
            (number, compiled(pk).standards[standard.key])
            for pk, number in self.in_force()
            if standard.key in compiled(pk).standards
        ]
        if not held:
            return ""
        differ = len({each.within for _number, each in held}) > 1
        named = ", ".join(
            f"{number} ({within_words(each.within, ngettext=ngettext)})" if differ else str(number)
            for number, each in held
        )
        return (
            ngettext("Counted under version %s of the policy.", "Counted under versions %s of the policy.", len(held))
            % named
        )

    def in_force(self) -> list[tuple[int, int]]:
        """Key and number of each version that began clocks in these days, the newest MOST_VERSIONS, oldest first."""
        if self._in_force is None:
            zone = ZoneInfo(self.question.zone)
            start, end = (
                datetime.combine(day, time(), zone).astimezone(UTC)
                for day in (self.question.since, self.question.until)
            )
            lasting = Q(retired_at=None) | Q(retired_at__gt=start)
            begun = Q(in_force_at=None) | Q(in_force_at__lt=end)  # a pilot has never been in force
            newest = Version.objects.that_ran().filter(lasting, begun).order_by("-number")
            self._in_force = list(newest.values_list("pk", "number")[:MOST_VERSIONS])[::-1]
        return self._in_force
