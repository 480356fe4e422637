"""An objective and what speaks for or against it: its figure, its promises, its escalations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from answerable.core.policy import Kpi
from answerable.insight.asking import ask
from answerable.insight.cards import Card, Words
from answerable.insight.escalations import Fired, fired
from answerable.insight.measured import PromiseMeasure, measured
from answerable.insight.spark import Spark, spark
from answerable.insight.targets import targets_in_force
from answerable.policy.names import KPIS
from answerable.policy.running import compiled

if TYPE_CHECKING:
    from answerable.core.policy import Objective
    from answerable.insight.question import Question
    from answerable.measure.figure import Indicator
    from answerable.policy.models import Version

MEASURED = (Kpi.CSAT, Kpi.FIRST_RESPONSE, Kpi.RESOLUTION)
"""What the desk's own facts can tell of objectives, beside compliance."""


@dataclass(frozen=True)
class Evidence:
    """`card` is None where the KPI is not one figure of the desk: compliance stands beside each promise instead."""

    objective: Objective
    kpi: str
    card: Card | None
    spark: Spark | None
    promises: list[PromiseMeasure]
    fired: list[tuple[str, Fired]]  # the promise's sentence, and one share of its target

    @property
    def by_promise(self) -> bool:
        """Whether its figure is that of its promises."""
        return self.objective.kpi is Kpi.COMPLIANCE


def evidence_of(question: Question, version: Version, objective: Objective) -> Evidence:
    """Over the question's days, for the reader's teams. Raises EngineError, Refused."""
    standards = [each for each in compiled(version.pk).standards.values() if each.objective == objective.key]
    promises = measured(question, version, standards) if standards else []
    card, trend = None, None
    if objective.kpi in MEASURED:
        targets = targets_in_force()
        found = ask(question.report(targets)).report
        indicator = found.indicators[str(objective.kpi)]
        words = Words(question, found, targets)
        card, trend = words.card(indicator), _trend(question, indicator, words)
    sentences = {each.key: each.sentence for each in promises}
    zone = ZoneInfo(question.zone)
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (question.since, question.until))
    steps = fired(list(sentences), question.visible_teams, start, end) if sentences else []
    return Evidence(
        objective,
        str(KPIS.get(objective.kpi, objective.kpi)),
        card,
        trend,
        promises,
        [(sentences[each.standard], each) for each in steps],
    )


def _trend(question: Question, indicator: Indicator, words: Words) -> Spark | None:
    """From piece to piece of the period."""
    figures = [group.figure for group in indicator.groups.get(question.cut, [])]
    return spark([(each.selection.since, each.selection.until, each.estimate) for each in figures], words)
