"""A rehearsal's result in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from answerable.core.policy import Policy, compile_policy
from answerable.core.policy.words import within_words
from answerable.core.rehearsal import Change, moment
from answerable.core.rehearsal.words import difference_words
from answerable.desk.models import Conversation
from answerable.insight.models import Rehearsal
from answerable.measure.public_holidays import holidays_of
from answerable.measure.words import Said, number, percent, percent_points
from answerable.people.models import User
from answerable.web.words import begun, reader_locale

EXAMPLES = 5
MOST_PEOPLE = 50
CLOCKS = MappingProxyType(
    {
        "first_response": _("All first answers"),
        "next_response": _("All further answers"),
        "resolution": _("All solutions"),
    }
)
STAGES = MappingProxyType(
    {
        "": _("Waiting for the worker to begin"),
        "reading": _("Reading what happened"),
        "arranging": _("Putting it in order"),
        "replaying": _("Replaying it under both policies"),
    }
)


@dataclass(frozen=True)
class Side:
    """One policy's figures for a promise. Empty where it promises nothing."""

    limit: str
    compliance: str
    interval: str
    missed: str


@dataclass(frozen=True)
class Row:
    """A promise under both policies; `change` in points with its interval, `tone` is better, worse or empty."""

    sentence: str
    now: Side
    draft: Side
    change: str
    interval: str
    tone: str

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.now, self.draft


@dataclass(frozen=True)
class Heard:
    """How often somebody would be told a day, and in how many nights; `is_more` where more nights than now."""

    times: str
    nights: str
    is_more: bool


@dataclass(frozen=True)
class Teller:
    """Somebody who would be told, under each policy."""

    name: str
    sides: tuple[Heard, Heard]


@dataclass(frozen=True)
class Case:
    """A conversation to look at. Without `conversation` it is named only (of a file)."""

    name: str
    conversation: Conversation | None
    started_at: datetime
    stopped_at: datetime | None
    due_now: datetime | None
    due_draft: datetime | None


@dataclass(frozen=True)
class Told:
    """A difference in words, with conversations; `tone` says whether it is for the better."""

    sentence: str
    tone: str
    icon: str
    cases: tuple[Case, ...]
    elsewhere: int


LOOKS = MappingProxyType(
    {
        Change.BROKEN: ("bad", "trending-down"),
        Change.KEPT: ("good", "trending-up"),
        Change.PROMISED: ("", "plus"),
        Change.DROPPED: ("", "minus"),
        Change.MORE_TOLD: ("", "bell"),
        Change.LESS_TOLD: ("", "bell-off"),
        Change.WOKEN: ("bad", "moon"),
        Change.LEFT_ASLEEP: ("good", "moon"),
    }
)


class Shown:
    """One rehearsal for one reader."""

    def __init__(self, rehearsal: Rehearsal, user: User) -> None:
        assert rehearsal.result is not None
        self.rehearsal, self.user, self.result = rehearsal, user, rehearsal.result
        self.locale = str(reader_locale())
        self.now, self.draft = _compiled(rehearsal.against_document), _compiled(rehearsal.draft_document)

    @property
    def conversations(self) -> str:
        return self._count(self.result["conversations"])

    @property
    def days(self) -> int:
        found: int = self.result["days"]
        return found

    @property
    def as_of(self) -> datetime:
        return moment(self.result["as_of"])

    @cached_property
    def rows(self) -> list[Row]:
        """Every promise that was made to somebody, then all of a clock, then all."""
        found = [self._row(self._promise(line["key"]), line) for line in self.result["standards"] if _is_used(line)]
        if len(self.result["clocks"]) > 1:
            found += [self._row(str(CLOCKS[line["kind"]]), line) for line in self.result["clocks"]]
        return found

    @cached_property
    def total(self) -> Row:
        return self._row(gettext("All promises"), self.result["total"])

    @cached_property
    def idle(self) -> list[str]:
        """Promises that nobody was given."""
        return [self._promise(line["key"]) for line in self.result["standards"] if not _is_used(line)]

    @cached_property
    def steps(self) -> dict[str, tuple[str, str]]:
        """Escalations a day: in all, on the worst day."""
        now, draft = self.result["now"], self.result["draft"]
        return {
            gettext("Escalation steps a day"): (self._a_day(sum(now["by_day"])), self._a_day(sum(draft["by_day"]))),
            gettext("Most on one day"): (
                self._count(max(now["by_day"], default=0)),
                self._count(max(draft["by_day"], default=0)),
            ),
        }

    @cached_property
    def people(self) -> list[Teller]:
        """Who would be told, the most told first."""
        sides = [{each["person"]["key"]: each for each in self.result[side]["people"]} for side in ("now", "draft")]
        both = {**sides[1], **sides[0]}
        most = sorted(both, key=lambda key: -max(side[key]["times"] if key in side else 0 for side in sides))
        return [self._teller(sides[0].get(key), sides[1].get(key)) for key in most[:MOST_PEOPLE]]

    @cached_property
    def differences(self) -> list[Told]:
        """What fares differently, with conversations that the reader may see."""
        told = self.result["differences"]
        numbers = {each["conversation"] for one in told for each in one["examples"]}
        known: Mapping[object, Conversation] = {}
        if not self.rehearsal.file_name:
            known = Conversation.objects.visible_to(self.user).select_related("contact").in_bulk(numbers)
        return [self._difference(one, known) for one in told]

    @cached_property
    def notes(self) -> list[str]:
        """What is to be known before believing it."""
        said = (Said.of(each).by(gettext, self._count) for each in self.result["notes"])
        return list(dict.fromkeys(begun(each) for each in said))

    def _row(self, sentence: str, line: Mapping[str, Any]) -> Row:
        key, now, draft = line["key"], line["now"], line["draft"]
        told = line["change"]
        change = interval = tone = ""
        if told is not None:
            change = self._points(told["value"])
            better, worse = told["value"] >= 0.0005, told["value"] <= -0.0005
            tone = "better" if better else "worse" if worse else ""
            ends = {end: self._points(told[end]) for end in ("low", "high")}
            interval = pgettext("an interval", "%(low)s to %(high)s") % ends if tone else ""
        return Row(sentence, self._side(self.now, key, now), self._side(self.draft, key, draft), change, interval, tone)

    def _points(self, share: float) -> str:
        """Percentage points with their sign."""
        points = percent_points(share, self.locale)
        return "0" if abs(share) < 0.0005 else f"+{points}" if share > 0 else f"−{points}"

    def _side(self, policy: Policy, key: str, kept: Mapping[str, Any] | None) -> Side:
        standard = policy.standards.get(key)
        limit = within_words(standard.within, ngettext=ngettext) if standard else ""
        if kept is None or kept["estimate"]["value"] is None:
            return Side(limit, "", "", "")
        estimate = kept["estimate"]
        value, low, high = (percent(estimate[name], self.locale, 1) for name in ("value", "low", "high"))
        missed = gettext("%(missed)s of %(due)s missed") % {
            "missed": self._count(kept["due"] - kept["met"]),
            "due": self._count(kept["due"]),
        }
        return Side(limit, value, f"{low} – {high}", missed)

    def _teller(self, now: Mapping[str, Any] | None, draft: Mapping[str, Any] | None) -> Teller:
        name = _name((now or draft or {})["person"])
        before = now["nights"] if now else 0
        return Teller(name, (self._heard(now, before), self._heard(draft, before)))

    def _heard(self, side: Mapping[str, Any] | None, before: int) -> Heard:
        if side is None:
            return Heard("", "", False)
        nights: int = side["nights"]
        said = ngettext("%s night", "%s nights", nights) % self._count(nights) if nights else ""
        return Heard(self._a_day(side["times"]), said, nights > before)

    def _difference(self, one: Mapping[str, Any], known: Mapping[object, Conversation]) -> Told:
        change = Change(one["change"])
        promise = self._promise(one["key"]) if one["key"] else ""
        sentence = difference_words(change, one["count"], self._count(one["count"]), promise, ngettext=ngettext)
        cases = [self._case(each, known) for each in one["examples"]]
        mine = [case for case in cases if case.conversation is not None or self.rehearsal.file_name]
        step = max(1, len(mine) // EXAMPLES)
        return Told(sentence, *LOOKS[change], tuple(mine[::step][:EXAMPLES]), len(cases) - len(mine))

    def _case(self, example: Mapping[str, Any], known: Mapping[object, Conversation]) -> Case:
        conversation = known.get(example["conversation"])
        instants = {name: example[name] for name in ("started_at", "stopped_at", "due_now", "due_draft")}
        return Case(
            name=str(conversation or example["conversation"]),
            conversation=conversation,
            **{name: None if at is None else moment(at) for name, at in instants.items()},  # type: ignore[arg-type]
        )

    def _promise(self, key: str) -> str:
        """A standard's sentence, the draft's where both have one."""
        policy = self.draft if key in self.draft.standards else self.now
        return policy.standards[key].promise_in(get_language() or policy.language)

    def _count(self, n: int) -> str:
        return number(n, "count", self.locale)

    def _a_day(self, times: int) -> str:
        return format_decimal(times / self.days, "#,##0.0", locale=self.locale)


def _name(person: Mapping[str, str]) -> str:
    """Somebody by name; those whom a file only tells of by what they are."""
    what, _colon, team = person["key"].partition(":")
    match what:
        case "lead" if team:
            return gettext("the lead of %s") % team
        case "lead":
            return pgettext("tell whom", "the team lead")
        case "team":
            return gettext("the whole team %s") % team if team else pgettext("tell whom", "the whole team")
        case "assignee":
            return pgettext("tell whom", "the assignee")
    return person["name"]


def _is_used(line: Mapping[str, Any]) -> bool:
    return any(side and (side["clocks"] or side["cancelled"]) for side in (line["now"], line["draft"]))


@lru_cache(maxsize=32)
def _compiled(document: str) -> Policy:
    """By its text: a draft may have changed since."""
    return compile_policy(document, holidays=holidays_of)
