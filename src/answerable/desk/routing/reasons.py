"""Why it was they: frozen with the offer as numbers and keys, said as words when somebody asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from answerable.core.routing import Decision, Verdict
from answerable.people.languages import language_name

WORDS: Mapping[Verdict, Promise] = {
    Verdict.CHOSEN: pgettext_lazy("why somebody gets a conversation or not", "chosen"),
    Verdict.OTHER_TEAM: pgettext_lazy("why somebody gets a conversation or not", "not in the team"),
    Verdict.NO_SKILL: pgettext_lazy("why somebody gets a conversation or not", "without the skill that is needed"),
    Verdict.NO_LANGUAGE: pgettext_lazy("why somebody gets a conversation or not", "without the customer's language"),
    Verdict.OFF: pgettext_lazy("why somebody gets a conversation or not", "off"),
    Verdict.AWAY: pgettext_lazy("why somebody gets a conversation or not", "away"),
    Verdict.BREAK: pgettext_lazy("why somebody gets a conversation or not", "on a break"),
    Verdict.ASKED: pgettext_lazy("why somebody gets a conversation or not", "being offered something else"),
    Verdict.FULL: pgettext_lazy(
        "why somebody gets a conversation or not", "with as many as the team allows one person"
    ),
    Verdict.PASSED: pgettext_lazy("why somebody gets a conversation or not", "let it pass a moment before"),
    Verdict.FITS_LESS: pgettext_lazy("why somebody gets a conversation or not", "fits less well than the one chosen"),
    Verdict.GIVEN: pgettext_lazy("why somebody gets a conversation or not", "got something else at that moment"),
    Verdict.IDLE_LESS: pgettext_lazy(
        "why somebody gets a conversation or not", "free for less long than the one chosen"
    ),
}


@dataclass(frozen=True)
class Reason:
    """Some people, and what is said of each of them."""

    verdict: Verdict
    words: str
    people: Sequence[int]


def frozen(decision: Decision) -> dict[str, Any]:
    """What was decided, for a JSON column: what was needed, and by verdict the numbers of the team's people."""
    waiting = decision.waiting
    by_verdict: dict[str, list[int]] = {}
    for person, verdict in decision.verdicts().items():
        if verdict is not Verdict.OTHER_TEAM:
            by_verdict.setdefault(verdict.value, []).append(person)
    return {
        "needs": {"skills": dict(waiting.skills), "language": waiting.language, "segment": waiting.segment},
        "last_agent": waiting.last_agent,
        "verdicts": by_verdict,
    }


def thawed(why: Mapping[str, Any]) -> list[Reason]:
    """The reasons, in the order in which they are looked at; the chosen first."""
    kept = why.get("verdicts", {})
    return [Reason(one, str(WORDS[one]), kept[one.value]) for one in Verdict if kept.get(one.value)]


def needs(why: Mapping[str, Any], skill_names: Mapping[str, str]) -> list[str]:
    """What was needed of who answers, in words."""
    wanted = why.get("needs", {})
    said = [_("skill: %(skill)s") % {"skill": skill_names.get(key, key)} for key in wanted.get("skills", {})]
    if wanted.get("language"):
        said.append(_("language: %(language)s") % {"language": language_name(wanted["language"])})
    return said


def why_chosen(why: Mapping[str, Any], name: str) -> str:
    """What made the difference for the one who was chosen, who is called so."""
    said = {"name": name}
    verdicts = why.get("verdicts", {})
    chosen = verdicts.get(Verdict.CHOSEN.value, [None])[0]
    if chosen is not None and chosen == why.get("last_agent"):
        return _("%(name)s had this customer's last conversation.") % said
    if verdicts.get(Verdict.FITS_LESS.value):
        return _("%(name)s fits best.") % said
    if verdicts.get(Verdict.IDLE_LESS.value) or verdicts.get(Verdict.GIVEN.value):
        return _("%(name)s had been free for the longest.") % said
    return _("%(name)s was the only one who could take it.") % said
