"""Sentences about events: a template, and what is filled into it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from answerable.desk.happenings.names import Names
from answerable.events.models import Event

Sentence = Callable[[Event, Names], str]
Filling = Callable[[Event, Names], object]
Told = Mapping[str, tuple[str, Sentence]]
"""By verb: the icon, and what is said."""


def who(event: Event) -> str:
    """A person, a rule or the system."""
    if event.actor_id:
        return str(event.actor)
    rule = event.particulars.get("rule")
    return _("The rule “%(rule)s”") % {"rule": rule["name"]} if isinstance(rule, dict) else _("The system")


def is_by_nobody(event: Event) -> bool:
    """Neither by a person nor by a rule."""
    return not event.actor_id and "rule" not in event.particulars


def said(template: Promise, **fillings: Filling) -> Sentence:
    """`who` did it is filled in, too. A template of `ngettext_lazy` names what decides its number."""

    def say(event: Event, names: Names) -> str:
        values = {name: filling(event, names) for name, filling in fillings.items()}
        sentence: Any = template
        return str(sentence % {"who": who(event), **values})

    return say


def given(name: str) -> Filling:
    """A particular as it stands."""
    return lambda event, _names: event.particulars.get(name)


def number(name: str) -> Filling:
    return lambda event, _names: int(event.particulars.get(name) or 0)


def user(name: str) -> Filling:
    return lambda event, names: names.user(event.particulars.get(name))


def team(name: str) -> Filling:
    return lambda event, names: names.team(event.particulars.get(name))


def choice(choices: Any, name: str) -> Filling:
    """The label of one of some choices."""
    return lambda event, _names: label(choices, event.particulars.get(name))


def instant(name: str) -> Filling:
    """A time, to the minute, as readers see it."""

    def fill(event: Event, _names: Names) -> str:
        return date_format(timezone.localtime(datetime.fromisoformat(event.particulars[name])), "DATETIME_FORMAT")

    return fill


def label(choices: Any, value: object) -> str:
    """What a choice is called; the value itself where it is none any more."""
    try:
        return str(choices(value).label)
    except ValueError:
        return str(value)
