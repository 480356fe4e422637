"""What a messenger hands over, kept before it is answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from answerable.channels.instant.models import Arrival, Gateway
from answerable.events.wire import notify

WAKES = "answerable_messengers"
"""What PostgreSQL notifies when something has come."""
LONGEST = 320


@dataclass(frozen=True)
class Brought:
    """One thing out of what was handed over: `name` is the same however often it comes, `content` is JSON."""

    name: str
    chat: str
    content: str


def keep(gateway: Gateway, brought: Iterable[Brought]) -> None:
    """All of it or nothing, in their order, each name once."""
    rows = [
        Arrival(gateway=gateway, name=fitting(each.name), chat_key=fitting(each.chat), content=each.content)
        for each in brought
    ]
    with transaction.atomic():
        Arrival.objects.bulk_create(rows, ignore_conflicts=True)
        if rows:
            notify(WAKES)


def fitting(name: object) -> str:
    """A name as the database keeps it: no NUL, no half of a surrogate pair, no longer than there is room."""
    return words(name)[:LONGEST]


def words(text: object) -> str:
    """Text as PostgreSQL keeps it; nothing where it is none."""
    return text.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(text, str) else ""
