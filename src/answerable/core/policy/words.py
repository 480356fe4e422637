"""Durations and reasons in words; pass Django's `gettext` and `ngettext` for the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from answerable.core.conditions import Conditions
from answerable.core.policy.policy import Match, Verdict
from answerable.core.policy.review import Every
from answerable.core.policy.within import Unit, Within

Gettext = Callable[[str], str]
Ngettext = Callable[[str, str, int], str]
Say = Callable[[str, str], str]
"""A field of conditions and a value it accepts, to what readers call that value."""


def _plain(message: str) -> str:
    return message


def _plain_n(singular: str, plural: str, count: int) -> str:
    return singular if count == 1 else plural


def _as_written(_field: str, value: str) -> str:
    return value


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


def every_words(every: Every, *, ngettext: Ngettext = _plain_n) -> str:
    """``every 90 days``, ``every month``."""
    count = every.amount
    match every.unit:
        case "day":
            text = ngettext("every day", "every %(count)d days", count)
        case "week":
            text = ngettext("every week", "every %(count)d weeks", count)
        case _:
            text = ngettext("every month", "every %(count)d months", count)
    return text % {"count": count}


def conditions_words(when: Conditions, *, gettext: Gettext = _plain, say: Say = _as_written) -> str:
    """``the channel is email and the segment is gold or silver``; empty when there are none."""
    fields = {
        "channel": gettext("the channel"),
        "priority": gettext("the priority"),
        "segment": gettext("the segment"),
        "region": gettext("the region"),
        "language": gettext("the language"),
        "team": gettext("the team"),
    }
    spoken = (
        gettext("%(field)s is %(values)s")
        % {"field": fields[name], "values": gettext(" or ").join(say(name, value) for value in accepted)}
        for name, accepted in when.items()
    )
    return gettext(" and ").join(spoken)


def reason_words(match: Match, *, language: str = "", gettext: Gettext = _plain, say: Say = _as_written) -> str:
    """Why this standard was chosen, over which others that matched as well; they are named by their promises."""
    named = conditions_words(match.standard.when, gettext=gettext, say=say)
    if named:
        text = gettext("It applies because %(conditions)s") % {"conditions": named}
    else:
        text = gettext("It applies to every conversation")
    for verdict, sentence in (
        (Verdict.LESS_SPECIFIC, gettext("; more specific than %(others)s")),
        (Verdict.LATER, gettext("; before %(others)s in the document")),
    ):
        others = [
            gettext("“%(promise)s”") % {"promise": other.standard.promise_in(language).removesuffix(".")}
            for other in match.others
            if other.verdict is verdict
        ]
        if others:
            text += sentence % {"others": ", ".join(others)}
    return text + "."
