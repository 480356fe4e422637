"""Leaving events behind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.module_loading import import_string

from answerable.events.inserting import insert_all
from answerable.events.live.hint import Hint
from answerable.events.models import Event, PendingReaction, noun
from answerable.events.wire import CHANNEL, notify

if TYPE_CHECKING:
    from answerable.people.models import User

Reaction = Callable[[Event], None]


@cache
def reactions() -> Mapping[str, Sequence[Reaction]]:
    """verb -> functions, as `site/reactions.py` lists them."""
    table: Mapping[str, Sequence[Reaction]] = import_string(settings.REACTIONS)
    return table


def dotted(reaction: Reaction) -> str:
    return f"{reaction.__module__}.{reaction.__qualname__}"


def event_of(
    verb: str,
    *,
    subject: models.Model,
    by: "User | None",
    root: models.Model | None = None,
    team_id: int | None = None,
    at: datetime | None = None,
    **particulars: Any,
) -> Event:
    """An unsaved event; `record_all` saves many at once."""
    return Event(
        verb=verb,
        subject=noun(subject),
        root=noun(root or subject),
        actor_id=by.pk if by else None,  # Django takes longer to keep who it is than to make all the rest
        team_id=team_id,
        particulars=particulars,
        at=at or timezone.now(),
    )


def record(verb: str, *, subject: models.Model, by: "User | None", **more: Any) -> Event:
    """Leave one event, in the caller's transaction: `record("conversation.solved", subject=c, by=alice)`.

    Who is watching hears of it once the transaction is committed;
    reactions owed for the verb are written beside it, so that neither can be lost.
    """
    event = event_of(verb, subject=subject, by=by, **more)
    record_all([event])
    return event


def record_all(events: Iterable[Event]) -> None:
    """Leave many events at once."""
    saved = insert_all(events)
    owed = [
        PendingReaction(event=event, reaction=dotted(reaction))
        for event in saved
        for reaction in reactions().get(event.verb, ())
    ]
    insert_all(owed)
    notify(CHANNEL, [Hint(event.pk, event.verb, event.root, event.team_id).payload() for event in saved])
