"""What a pilot tests, in words a customer and an agent can read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import ngettext

from answerable.core.opening import opening_text
from answerable.core.policy import Policy, Standard
from answerable.core.policy.words import within_words
from answerable.policy.models import Pilot, Version
from answerable.policy.running import compiled


@dataclass(frozen=True)
class Change:
    """One promise: as it is today, and in the test. Either may be empty: there is none."""

    today: str
    tested: str


def changes_of(pilot: Pilot, language: str) -> tuple[Change, ...]:
    """The promises that are others, in the order of the tested document; what falls away last.

    None where only what happens inside changes, such as who is told when it gets late.
    """
    control_id = pilot.control_id or Version.objects.in_force().pk
    today, tested = compiled(control_id), compiled(pilot.version_id)
    changes = [
        _change(today, today.standards.get(key), tested, standard, language)
        for key, standard in tested.standards.items()
        if not _is_alike(today, today.standards.get(key), tested, standard)
    ]
    return (*changes, *(Change(standard.promise_in(language), "") for standard in _missing(today, tested)))


def _change(today: Policy, one: Standard | None, tested: Policy, other: Standard, language: str) -> Change:
    """In the promises' own sentences; where those are the same, with what differs."""
    if one is None:
        return Change("", other.promise_in(language))
    said = Change(one.promise_in(language), other.promise_in(language))
    if said.today != said.tested:
        return said
    return Change(f"{said.today} ({_terms(today, one)})", f"{said.tested} ({_terms(tested, other)})")


def _terms(policy: Policy, standard: Standard) -> str:
    """Such as “4 working hours; Mon 09:00-18:00, Tue 09:00-18:00”."""
    days = [
        f"{WEEKDAYS_ABBR[number]} {' '.join(map(opening_text, openings))}"
        for number, openings in enumerate(policy.calendar(standard).week)
        if openings
    ]
    return f"{within_words(standard.within, ngettext=ngettext)}; {', '.join(days)}"


def _is_alike(today: Policy, one: Standard | None, tested: Policy, other: Standard) -> bool:
    return one is not None and _gist(today, one) == _gist(tested, other)


def _gist(policy: Policy, standard: Standard) -> tuple[object, ...]:
    hours = policy.calendar(standard)
    return (standard.promise, standard.within, standard.when, hours.time_zone, hours.week, hours.dates)


def _missing(today: Policy, tested: Policy) -> Iterable[Standard]:
    return (standard for key, standard in today.standards.items() if key not in tested.standards)
