"""``[[objective]]``: what the company wants, which sentence of its mission that serves, and by how much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from answerable.core.policy.document import EMAIL, OWN_KEY, Table
from answerable.core.policy.errors import NOBODY, shown, suggestion
from answerable.core.policy.known import Known
from answerable.core.policy.review import Every, every
from answerable.core.said import Said, gettext_noop, said_of

_TARGET = re.compile(r"(-?\d{1,6}(?:\.\d{1,4})?)\s*(%|[a-z ]+)", re.ASCII)
_DURATIONS = {
    f"{working}{unit}{plural}": f"{working}{unit}s"
    for working in ("working ", "")
    for unit in ("minute", "hour", "day")
    for plural in ("s", "")
}
_PERCENT = {"%": "percent", "percent": "percent"}
_POINTS = {"points": "points", "point": "points"}


class Kpi(StrEnum):
    """The measures an objective can be held to."""

    CSAT = "csat"
    NPS = "nps"
    FIRST_RESPONSE = "first_response"
    RETENTION = "retention"
    SERVQUAL = "servqual"
    ENGAGEMENT = "engagement"
    RESOLUTION = "resolution"
    COMPLIANCE = "compliance"

    @property
    def lower_is_better(self) -> bool:
        """True for times, False for shares and scores."""
        return self in (Kpi.FIRST_RESPONSE, Kpi.RESOLUTION)


@dataclass(frozen=True, slots=True)
class Target:
    """A value and its unit: percent, points, minutes, hours, days, or the working kind of the last three."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:g} {'%' if self.unit == 'percent' else self.unit}"


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective; `serves` is a sentence of the mission, word for word.

    `owner` is the e-mail address of who answers for it, `review` how often it is looked at again.
    """

    key: str
    sentence: str
    serves: str
    kpi: Kpi
    target: Target
    owner: str | None = None
    review: Every | None = None

    @property
    def review_every(self) -> timedelta | None:
        """The time between two reviews, in whole days."""
        return self.review.length if self.review else None


def read_objectives(root: Table, mission: str | None, known: Known) -> dict[str, Objective]:
    """Every objective by key, in the document's order."""
    found: dict[str, Objective] = {}
    for table in root.tables("objective"):
        key, sentence, serves = table.key(), table.string("sentence"), _read_serves(table, mission)
        kpi = table.choice("kpi", list(Kpi))
        target = read_target(table, "target", Kpi(kpi) if kpi else None)
        owner, review = _read_owner(table, known), _read_review(table)
        table.finish()
        if key in found:
            table.refuse("key", Said(gettext_noop("There are two objectives “{key}”."), key=str(key)), OWN_KEY)
        elif key and sentence and serves and kpi and target:
            found[key] = Objective(key, sentence, serves, Kpi(kpi), target, owner, review)
    return found


def _read_serves(table: Table, mission: str | None) -> str | None:
    serves = table.string("serves")
    if serves is None or mission is None:
        return serves
    if " ".join(serves.split()) not in " ".join(mission.split()):
        sentences = re.split(r"(?<=[.!?])\s+", " ".join(mission.split()))
        unsaid = Said(gettext_noop("{sentence} is not in the mission."), sentence=shown(serves))
        table.refuse("serves", unsaid, suggestion(serves, sentences))
        return None
    return serves


def read_target(table: Table, key: str, kpi: Kpi | None) -> Target | None:
    """A target in the units of a measure."""
    text = table.string(key)
    if text is None or kpi is None:
        return None
    units, low, high, example = _expected(kpi)
    match = _TARGET.fullmatch(text)
    if match is None or match[2] not in units:
        unlike = Said(gettext_noop("{text} is not a target for {kpi}."), text=shown(text), kpi=str(kpi))
        table.refuse(key, unlike, Said(gettext_noop('Write it like "{example}".'), example=example))
        return None
    value = float(match[1])
    if not low <= value <= high:
        beyond = Said(gettext_noop("{text} is out of range."), text=shown(text))
        span = gettext_noop("For {kpi} it lies between {low} and {high}.")
        table.refuse(key, beyond, Said(span, kpi=str(kpi), low=f"{low:g}", high=f"{high:g}"))
        return None
    return Target(value, units[match[2]])


def _read_owner(table: Table, known: Known) -> str | None:
    owner = table.string("owner", required=False)
    if owner is None:
        return None
    if not EMAIL.fullmatch(owner):
        unlike = Said(gettext_noop("{text} is not an e-mail address."), text=shown(owner))
        table.refuse("owner", unlike, gettext_noop('Write "alice@example.com".'))
    elif not known.has("user", owner):
        table.refuse("owner", Said(NOBODY, address=shown(owner)), known.suggestion("user", owner))
    else:
        return owner
    return None


def _read_review(table: Table) -> Every | None:
    text = table.string("review_every", required=False)
    if text is None:
        return None
    try:
        return every(text)
    except ValueError as error:
        table.refuse("review_every", said_of(error))
        return None


def _expected(kpi: Kpi) -> tuple[dict[str, str], float, float, str]:
    """Units with their plain names, the lowest and the highest value, and an example."""
    if kpi.lower_is_better:
        return _DURATIONS, 1, 100_000, "4 working hours"
    if kpi is Kpi.NPS:
        return _POINTS, -100, 100, "40 points"
    if kpi is Kpi.SERVQUAL:
        return _POINTS, -10, 10, "-0.2 points"
    return _PERCENT, 0, 100, "85 %"
