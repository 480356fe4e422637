"""What a delivery says: `{"type", "timestamp", "data"}`, as Standard Webhooks recommends.

`data` holds the event, and with it what it is about and what that belongs to, all as the API shows them. It is made
when the delivery is written, and is the same however often it is sent.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from answerable.api.outputs import (
    articles,
    clocks,
    contacts,
    conversations,
    messages,
    organisations,
    people,
    ratings,
    segments,
)
from answerable.api.outputs.events import event as shown
from answerable.api.schema import Shape, instant
from answerable.api.webhooks.catalogue import TRIAL
from answerable.events.models import Event


class Output(NamedTuple):
    """What rows of a kind look like, how they are brought, however many, and shown."""

    shape: Shape
    rows: Callable[[], QuerySet[Any]]
    show: Callable[[Any], dict[str, Any]]


OUTPUTS: Mapping[str, Output] = {
    "article": Output(articles.ARTICLE, articles.rows, articles.article),
    "clock": Output(clocks.CLOCK, clocks.rows, clocks.clock),
    "contact": Output(contacts.CONTACT, contacts.rows, contacts.contact),
    "conversation": Output(conversations.CONVERSATION, conversations.rows, conversations.conversation),
    "message": Output(messages.MESSAGE, messages.rows, messages.message),
    "organisation": Output(organisations.ORGANISATION, organisations.rows, organisations.organisation),
    "rating": Output(ratings.RATING, ratings.rows, ratings.rating),
    "segment": Output(segments.SEGMENT, segments.rows, segments.segment),
    "team": Output(people.TEAM, people.teams, people.team),
    "user": Output(people.USER, people.users, people.user),
}


def bodies(events: Sequence[Event]) -> list[str]:
    """JSON for each event of a public verb, with its actor read. A few queries, however many there are."""
    told = [shown(event) for event in events]
    wanted: dict[str, set[int]] = {}
    for one in told:
        for part in (one["root"], one["subject"]):
            wanted.setdefault(part["type"], set()).add(part["id"])
    found = {kind: _shown(kind, numbers) for kind, numbers in wanted.items() if kind in OUTPUTS}
    return [
        body(event.verb, event.at, {"event": one, **_beside(one, found)})
        for event, one in zip(events, told, strict=True)
    ]


def body(verb: str, at: datetime, data: dict[str, Any]) -> str:
    """One body, without spaces."""
    told = {"type": verb, "timestamp": instant(at), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def trial(at: datetime) -> str:
    """The body of a delivery that only shows whether deliveries arrive."""
    return body(TRIAL, at, {"from": settings.SITE_URL})


def key_of(event: Event) -> str:
    """`webhook-id` of an event: the same at each attempt and each replay, whoever receives it. Without full stops."""
    return f"event-{event.pk}"


def _shown(kind: str, numbers: set[int]) -> dict[int, dict[str, Any]]:
    output = OUTPUTS[kind]
    return {row.pk: output.show(row) for row in output.rows().filter(pk__in=numbers)}


def _beside(event: Mapping[str, Any], found: Mapping[str, Mapping[int, Any]]) -> dict[str, Any]:
    """By kind, what the event is shown with and what it happened to; nothing where that is gone by now."""
    parts = ((part["type"], part["id"]) for part in (event["root"], event["subject"]))
    return {kind: found[kind][pk] for kind, pk in parts if pk in found.get(kind, {})}
