"""Shifts and absences in words, in the reader's language and time zone."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from answerable.core.calendar import Interval
from answerable.people.models import Absence


def day_words(on: date) -> str:
    """ "Tuesday, 24 November" as the reader's language says it."""
    return f"{date_format(on, 'l')}, {date_format(on, 'MONTH_DAY_FORMAT')}"


def span_words(span: Interval) -> str:
    """ "Tuesday, 24 November, 09:00–18:00"; the end's own day where it is another."""
    start, end = timezone.localtime(span.start), timezone.localtime(span.end)
    if start.date() == end.date():
        return f"{day_words(start.date())}, {start:%H:%M}–{end:%H:%M}"
    return f"{day_words(start.date())}, {start:%H:%M} – {day_words(end.date())}, {end:%H:%M}"


def absence_words(absence: Absence) -> str:
    """Its days, or from when to when."""
    if absence.days is None:
        return span_words(absence.span)
    first, last = absence.days
    if first == last:
        return day_words(first)
    return _("%(first)s to %(last)s") % {"first": day_words(first), "last": day_words(last)}
