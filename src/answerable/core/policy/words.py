"""Durations and reasons in words; pass Django's `gettext` and `ngettext` for the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from answerable.core.conditions import Conditions
from answerable.core.policy.policy import Match, Verdict
from answerable.core.policy.within import Unit, Within

Gettext = Callable[[str], str]
Ngettext = Callable[[str, str, int], str]


def _plain(message: str) -> str:
    return message


def _plain_n(singular: str, plural: str, count: int) -> str:
    return singular if count == 1 else plural


def within_words(within: Within, *, ngettext: Ngettext = _plain_n) -> str:
    """``4 working hours``."""
    count = within.amount
    match within.unit, within.working:
        case Unit.MINUTES, True:
            text = ngettext("%(count)d working minute", "%(count)d working minutes", count)
        case Unit.HOURS, True:
            text = ngettext("%(count)d working hour", "%(count)d working hours", count)
        case Unit.DAYS, True:
            text = ngettext("%(count)d working day", "%(count)d working days", count)
        case Unit.MINUTES, _:
            text = ngettext("%(count)d minute", "%(count)d minutes", count)
        case Unit.HOURS, _:
            text = ngettext("%(count)d hour", "%(count)d hours", count)
        case _:
            text = ngettext("%(count)d day", "%(count)d days", count)
    return text % {"count": count}


def duration_words(length: timedelta, *, working: bool, ngettext: Ngettext = _plain_n) -> str:
    """``27 working hours``, ``1 hour 30 minutes``: whole minutes, cut down, without a sign."""
    hours, minutes = divmod(abs(length) // timedelta(minutes=1), 60)
    parts = [Within(hours, Unit.HOURS, working)] if hours else []
    if minutes or not hours:
        parts.append(Within(minutes, Unit.MINUTES, working and not hours))
    return " ".join(within_words(part, ngettext=ngettext) for part in parts)


def conditions_words(when: Conditions, *, gettext: Gettext = _plain) -> str:
    """``channel is email and segment is gold or silver``; empty when there are none."""
    spoken = (
        gettext("%(field)s is %(values)s") % {"field": name, "values": gettext(" or ").join(accepted)}
        for name, accepted in when.items()
    )
    return gettext(" and ").join(spoken)


def reason_words(match: Match, *, gettext: Gettext = _plain) -> str:
    """Why this standard was chosen, over which others that matched as well."""
    standard = match.standard
    named = conditions_words(standard.when, gettext=gettext)
    if named:
        text = gettext("“%(standard)s” applies because %(conditions)s") % {
            "standard": standard.key,
            "conditions": named,
        }
    else:
        text = gettext("“%(standard)s” applies to every conversation") % {"standard": standard.key}
    for verdict, sentence in (
        (Verdict.LESS_SPECIFIC, gettext("; more specific than %(others)s")),
        (Verdict.LATER, gettext("; before %(others)s in the document")),
    ):
        others = [f"“{other.standard.key}”" for other in match.others if other.verdict is verdict]
        if others:
            text += sentence % {"others": ", ".join(others)}
    return text + "."
