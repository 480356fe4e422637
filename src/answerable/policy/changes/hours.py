"""Business hours."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from answerable.core.calendar import WEEKDAYS
from answerable.core.policy.difference import Difference
from answerable.core.policy.touched import Kind
from answerable.policy.changes.reading import Reading, both
from answerable.policy.names import day_name, hours_name, openings_words, place_name


def hours(each: Difference, reading: Reading) -> Iterator[str]:
    name = hours_name(reading.after if each.kind != Kind.REMOVED else reading.old, each.key)
    about = {"name": name}
    match each.kind, each.field:
        case Kind.ADDED, _any:
            yield _("New business hours: %(name)s.") % about
        case Kind.REMOVED, _any:
            yield _("There are no %(name)s any more.") % about
        case _any, "title":
            before = hours_name(reading.old, each.key)
            if before != name:
                yield _("The business hours “%(before)s” are called “%(name)s”.") % {"before": before, **about}
            else:
                yield _("%(name)s: what they are called in other languages.") % about
        case _any, "time_zone":
            yield _("%(name)s: in the time zone %(after)s instead of %(before)s.") % {**about, **both(each)}
        case _any, "holidays":
            yield _("%(name)s: closed on the public holidays of %(after)s instead of %(before)s.") % {
                **about,
                "after": ", ".join(map(place_name, each.after)) or pgettext("holidays of", "no country"),
                "before": ", ".join(map(place_name, each.before)) or pgettext("holidays of", "no country"),
            }
        case _any, "extra_holidays":
            yield from _dates(each, name, lambda day: day)
        case _any, "dates":
            yield from _dates(each, name, openings_words)
        case _any, day:
            yield _("%(name)s: on %(day)s %(after)s instead of %(before)s.") % {
                **about,
                "day": WEEKDAY_NAMES[WEEKDAYS.index(day)],
                "after": openings_words(each.after),
                "before": openings_words(each.before),
            }


def _dates(each: Difference, name: str, say: Callable[[Any], str]) -> Iterator[str]:
    for day in sorted({*each.before, *each.after}):
        was, now = each.before.get(day), each.after.get(day)
        about = {"name": name, "day": day_name(day)}
        if now is None:
            yield _("%(name)s: %(day)s is a day like any other again.") % about
        elif was != now:
            yield _("%(name)s: %(day)s: %(what)s.") % {**about, "what": say(now)}
