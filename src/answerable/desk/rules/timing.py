"""Rules that wait: for something to have lasted, and for set times of the week.

Each remembers until when it has looked. What came to pass since is put before it in a round, a few at a time, in the
transaction that says how far the round has come: so all have their turn, however many there are, none has two, and
nobody's conversation is held for long. What had lasted long enough before the rule was switched on is left alone. See
docs/howto/rules.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from answerable.core.calendar import NeverOpen
from answerable.desk.actions.rules import break_rule
from answerable.desk.models import Rule
from answerable.desk.models.rule import RuleQuerySet
from answerable.desk.rules.firing import Failed, compiled_rules, fire
from answerable.desk.rules.rounds import Round, round_of
from answerable.events.setbacks import Setbacks

EVERY_SECONDS = 30.0
AT_ONCE = 100
MOST = 5000
"""So much of a round is gone through in one go; then the other rules have their turn, and it goes on."""
_setbacks = Setbacks("rule in time")


def fire_in_time() -> float | None:
    """Look for what has come to pass. Seconds until the next look (None: no rule waits for a time)."""
    waiting = Rule.objects.enabled().exclude(watched_until=None).exclude(pk__in=_setbacks.resting())
    numbers = list(waiting.values_list("pk", flat=True))
    going_on: list[int] = []

    def go(pk: int) -> None:
        if _look(pk, timezone.now(), MOST).goes_on:
            going_on.append(pk)

    for pk in numbers:
        _setbacks.attempt(pk, partial(go, pk))
    wanted = 0.0 if going_on else EVERY_SECONDS if numbers else None
    return _setbacks.sooner(wanted)


def look(pk: int, *, now: datetime | None = None, most: int = MOST) -> int:
    """Put before one rule what has come to pass for it, `most` at once; how many times it fired. One that can't be
    carried out is switched off."""
    return _look(pk, now or timezone.now(), most).fired


@dataclass(frozen=True)
class _Looked:
    """How many times it fired, and whether there is more to look at by now."""

    fired: int = 0
    goes_on: bool = False


def _look(pk: int, now: datetime, most: int) -> _Looked:
    try:
        return _go_on(pk, now, most)
    except Failed as failed:
        break_rule(pk, why=failed.why)
    except NeverOpen as never:
        break_rule(pk, why=str(never))
    return _Looked()


def _go_on(pk: int, now: datetime, most: int) -> _Looked:
    """With the round that was begun, or with another."""
    row = Rule.objects.enabled().filter(pk=pk).first()
    if row is None or row.watched_until is None or (row.watching_until is None and row.watched_until >= now):
        return _Looked()
    row.watching_until = row.watching_until or now
    [rule] = compiled_rules([row])
    found = round_of(rule, row.watched_until, row.watching_until)
    numbers, fired = found.numbers(row.reached, most), 0
    for start in range(0, len(numbers), AT_ONCE):
        more = _put(row, found, numbers[start : start + AT_ONCE], now)
        if more is None:
            return _Looked(fired)
        fired += more
    if len(numbers) == most:
        return _Looked(fired, goes_on=True)
    reached = numbers[-1] if numbers else row.reached
    _standing(row).filter(reached=reached).update(watched_until=row.watching_until, watching_until=None, reached=0)
    return _Looked(fired)


def _put(row: Rule, found: Round, numbers: Sequence[int], now: datetime) -> int | None:
    """These before the rule, as far as no other process has done it; how many times it fired. None where another is
    at it, or the rule says something else by now."""
    with transaction.atomic():
        held = _standing(row).select_for_update(skip_locked=True).first()
        if held is None:
            return None
        left = [number for number in numbers if number > held.reached]
        moments = sorted(found.moments(left), key=lambda moment: moment.conversation) if left else []
        fired = fire(moments, compiled_rules([held]), now=now) if moments else 0
        if left:
            Rule.objects.filter(pk=row.pk).update(watching_until=row.watching_until, reached=left[-1])
    return fired


def _standing(row: Rule) -> RuleQuerySet:
    """The row, as long as it says the same and nobody has begun another round."""
    rows = Rule.objects.enabled().filter(pk=row.pk, number=row.number, watched_until=row.watched_until)
    return rows.filter(Q(watching_until=None) | Q(watching_until=row.watching_until))
