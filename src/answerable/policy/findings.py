"""A pilot's verdict in words: the same sentence beside today's figures and on what was kept when it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.core.experiment import Finding
from answerable.measure.words import number, percent, percent_points
from answerable.policy.models import Pilot
from answerable.web.words import reader_locale

TONES = MappingProxyType({Finding.BETTER: ("good", "trending-up"), Finding.WORSE: ("bad", "trending-down")})


@dataclass(frozen=True)
class Verdict:
    """A sentence of what is found, and others of what it rests on."""

    tone: str
    icon: str
    sentence: str
    notes: tuple[str, ...]


def verdict_words(found: Mapping[str, Any], *, is_over: bool = False) -> Verdict:
    """`found` as insight makes it (plain JSON values). Of a pilot that is over nothing is said of what would come."""
    finding = Finding(found["finding"])
    tone, icon = TONES.get(finding, ("", "equal"))
    if is_over and finding is Finding.OPEN:
        sentence = _("%(measure)s: not distinguishable.") % {"measure": Pilot.Measure(found["measure"]).label}
        return Verdict(tone, icon, sentence, ())
    return Verdict(tone, icon, _sentence(finding, found), () if is_over else tuple(_notes(finding, found)))


def _sentence(finding: Finding, found: Mapping[str, Any]) -> str:
    locale, apart = str(reader_locale()), found["difference"]
    measure = Pilot.Measure(found["measure"]).label
    match finding:
        case Finding.BETTER | Finding.WORSE:
            near, far = sorted((apart["low"], apart["high"]), key=abs)
            said = {"measure": measure, "low": percent_points(near, locale), "high": percent_points(far, locale)}
            if finding is Finding.BETTER:
                return _("%(measure)s: the pilot is better by %(low)s to %(high)s percentage points.") % said
            return _("%(measure)s: the pilot is worse by %(low)s to %(high)s percentage points.") % said
        case Finding.ALIKE:
            return ngettext(
                "%(measure)s: no difference that matters. Whatever it is, it is smaller than %(smallest)d percentage "
                "point.",
                "%(measure)s: no difference that matters. Whatever it is, it is smaller than %(smallest)d percentage "
                "points.",
                found["smallest"],
            ) % {"measure": measure, "smallest": found["smallest"]}
        case Finding.OPEN:
            return _("%(measure)s: not distinguishable yet.") % {"measure": measure}
        case _:
            return _("%(measure)s: nothing can be said yet. In one arm too little has fallen due.") % {
                "measure": measure
            }


def _notes(finding: Finding, found: Mapping[str, Any]) -> list[str]:
    locale = str(reader_locale())
    notes = []
    if finding is Finding.OPEN:
        notes.append(_more(found["more"], found["smallest"], locale))
        if found["more_today"]:
            notes.append(
                ngettext(
                    "If the difference is as large as it looks today, about %(n)s more conversation would show it.",
                    "If the difference is as large as it looks today, about %(n)s more conversations would show it.",
                    found["more_today"],
                )
                % {"n": number(found["more_today"], "count", locale)}
            )
    if not found["is_last_look"]:
        notes.append(
            _(
                "Before the planned end only a difference that holds at %(confidence)s counts: who looks often finds "
                "something by chance sooner or later."
            )
            % {"confidence": percent(found["confidence"], locale, 1)}
        )
    return notes


def _more(more: int | None, smallest: int, locale: str) -> str:
    if not more:
        return ngettext(
            "There are enough conversations to find a difference of %(smallest)d percentage point in four of five "
            "such pilots.",
            "There are enough conversations to find a difference of %(smallest)d percentage points in four of five "
            "such pilots.",
            smallest,
        ) % {"smallest": smallest}
    return ngettext(
        "About %(n)s more conversation would show a difference of %(smallest)d percentage points in four of five "
        "such pilots.",
        "About %(n)s more conversations would show a difference of %(smallest)d percentage points in four of five "
        "such pilots.",
        more,
    ) % {"n": number(more, "count", locale), "smallest": smallest}
