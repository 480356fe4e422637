"""Rows to be written all at once. Each has its number from the start, so that rows can name one another."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models

from answerable.desk.actions.files import attach_all
from answerable.desk.actions.search import add_words_to_all, introductions
from answerable.desk.models import Clock, Conversation, Delivery, Escalation, Message, Notice
from answerable.events.models import Event, noun
from answerable.feedback.models import Invitation, Rating
from answerable.people.models import User
from answerable.site.demo.progress import Progress
from answerable.site.demo.writing import Written

# In the order of their foreign keys.
MODELS: tuple[type[models.Model], ...] = (
    Conversation,
    Message,
    Delivery,
    Clock,
    Escalation,
    Notice,
    Invitation,
    Rating,
    Event,
)
BLOCK = 1000
Row = TypeVar("Row", bound=models.Model)


class Rows:
    """What has been made so far, by model and in the order of making."""

    def __init__(self) -> None:
        self.made: dict[type[models.Model], list[Any]] = {model: [] for model in MODELS}
        self.words: dict[int, list[str]] = {}
        self.files: list[tuple[Message, Written]] = []
        self._numbers = {model: _numbers(model) for model in MODELS}

    def add(self, row: Row) -> Row:
        row.pk = next(self._numbers[type(row)])
        self.made[type(row)].append(row)
        return row

    def event(
        self,
        verb: str,
        *,
        subject: models.Model,
        root: Conversation,
        by: User | None,
        at: datetime,
        **particulars: Any,
    ) -> None:
        """As `events.record` would, but nobody owes a reaction: what follows from it is made here, too."""
        self.add(
            Event(
                verb=verb,
                subject=noun(subject),
                root=noun(root),
                actor=by,
                team_id=root.team_id,
                particulars=particulars,
                at=at,
            )
        )

    def found_by(self, conversation: Conversation, text: str) -> None:
        self.words.setdefault(conversation.pk, []).append(text)

    def save(self, progress: Progress) -> None:
        """Everything, in a few hundred statements."""
        for number, model in enumerate(MODELS):
            progress.at("write", number / (len(MODELS) + 1))
            model._default_manager.bulk_create(self.made[model], batch_size=BLOCK)
        attach_all([(message, written.files) for message, written in self.files])
        conversations: list[Conversation] = self.made[Conversation]
        known = introductions(conversations)
        for start in range(0, len(conversations), BLOCK):
            progress.at("index", start / len(conversations))
            some = conversations[start : start + BLOCK]
            add_words_to_all((row, known[row.pk]) for row in some)
            # Each text by itself, as when it was written: which language it is decides about its words.
            add_words_to_all((row, [text]) for row in some for text in self.words.get(row.pk, []))
        progress.at("index", 1)


def _numbers(model: type[models.Model]) -> Iterator[int]:
    """The table's own sequence, a block at a time, so that what is written later goes on after it."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, BLOCK],
            )
            yield from [row[0] for row in cursor.fetchall()]
