"""What happened, in the order in which it was written down."""

from typing import Any

from django.db.models import Q, QuerySet

from answerable.api.outputs.references import REFERENCE, reference
from answerable.api.outputs.verbs import PUBLIC, data_of
from answerable.api.schema import choice, instant, maybe, moment, named, number, record, shape
from answerable.events.models import Event
from answerable.people.models import User

TYPES = (
    "conversation", "message", "clock", "rating", "contact", "address", "organisation", "segment", "user", "team",
    "policy", "article",
)  # fmt: skip
NAMES = {"version": "policy"}
"""Rows that are called otherwise in public."""

SUBJECT = named(
    "Subject",
    record(
        "A row that something happened to.",
        type=choice("Its kind.", TYPES, "conversation"),
        id=number("Its number. A policy's own number stands in `data`."),
    ),
)
EVENT = shape(
    "Event",
    "Something that happened. Events are never changed and never removed.",
    id=number("Its number. Later events have larger ones.", 981),
    verb=choice("What happened.", sorted(PUBLIC), "conversation.solved"),
    subject=SUBJECT.ref,
    root=SUBJECT.ref,
    actor=maybe(REFERENCE.ref),
    team=maybe(number("The team whose members may hear of it; null where all of the staff may.", 2)),
    at=moment("When."),
    data={
        "type": "object",
        "description": "Particulars, by verb.",
        "additionalProperties": True,
        "examples": [{"before": "open", "to": "solved"}],
    },
)


def rows() -> "QuerySet[Event]":
    """With all that `event` shows: one query."""
    return Event.objects.select_related("actor")


def visible_to(user: User) -> "QuerySet[Event]":
    """The public ones of the user's teams and of the company at large."""
    heard = Q(team_id=None) | Q(team_id__in=user.team_ids) if user.team_ids else Q(pk__in=[])
    return rows().filter(heard, verb__in=PUBLIC)


def event(row: Event) -> dict[str, Any]:
    """One of `rows`, of a public verb."""
    return {
        "id": row.pk,
        "verb": row.verb,
        "subject": _subject(row.subject),
        "root": _subject(row.root),
        "actor": reference(row.actor),
        "team": row.team_id,
        "at": instant(row.at),
        "data": data_of(row.verb, row.particulars),
    }


def _subject(noun: str) -> dict[str, Any]:
    kind, _dash, key = noun.rpartition("-")
    return {"type": NAMES.get(kind, kind), "id": int(key)}
