"""The rota in words: `{% load rota %}`."""

from collections.abc import Container, Iterable

from django import template
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from answerable.core.calendar import Interval
from answerable.people import rota_words
from answerable.people.models import Absence, Team

register = template.Library()


@register.filter
def span_words(span: Interval) -> str:
    """ "Tuesday, 24 November, 09:00–18:00" in the reader's time zone."""
    return rota_words.span_words(span)


@register.filter
def absence_words(absence: Absence) -> str:
    """Its days, or from when to when."""
    return rota_words.absence_words(absence)


@register.filter
def weekday_words(weekdays: Iterable[int]) -> str:
    """ "Monday–Friday", or "Mon, Wed": days of a week by number, Monday 0."""
    days = sorted(weekdays)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]}–{WEEKDAYS[days[-1]]}"
    return ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)


@register.filter
def indented(team: Team) -> str:
    """A team's name, further in the deeper it stands, for a list to choose from."""
    return "\N{NO-BREAK SPACE}" * 4 * (team.path.count("/") - 2) + team.name


@register.filter
def is_in(value: object, many: Container[object]) -> bool:
    return value in many
