"""An answer by a person: what it means for the conversation, and how it gets on its way."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from answerable.desk.actions import clocks
from answerable.desk.actions.changes import change_status
from answerable.desk.actions.files import NewFile, attach
from answerable.desk.actions.held import Held
from answerable.desk.actions.previews import preview_of
from answerable.desk.actions.search import add_words
from answerable.desk.models import Delivery, Kind, Message
from answerable.events.inserting import insert
from answerable.events.prepared import ask
from answerable.people.models import User

UNDO_SECONDS = 10
# The files of the draft go with the message, but for pictures that are in it no longer; those of one taken back
# stay with that. The draft has become the message.
TAKE_DRAFT = """
WITH draft AS (SELECT id FROM desk_draft WHERE conversation_id = %s AND user_id = %s AND kind = %s),
carried AS (
    UPDATE desk_attachment SET message_id = %s, draft_id = NULL
    WHERE draft_id IN (SELECT id FROM draft) AND (content_id = '' OR content_id = ANY(%s))
),
left_behind AS (
    UPDATE desk_attachment SET draft_id = NULL
    WHERE draft_id IN (SELECT id FROM draft) AND message_id IS NOT NULL
    AND content_id <> '' AND NOT content_id = ANY(%s)
),
dropped AS (
    DELETE FROM desk_attachment
    WHERE draft_id IN (SELECT id FROM draft) AND message_id IS NULL AND content_id <> '' AND NOT content_id = ANY(%s)
)
DELETE FROM desk_draft WHERE id IN (SELECT id FROM draft)
"""


def answer(held: Held, *, text: str, html: str, by: User, then: str, at: datetime) -> Message:
    """What changes by it: whose it is, what lists show, which promises are kept, and the status. Not written yet."""
    conversation = held.conversation
    message = Message(conversation=conversation, kind=Kind.OUTBOUND, user=by, text=text, html=html, created_at=at)
    if conversation.assignee_id is None:
        conversation.assignee = by
    conversation.unanswered_since = None
    if conversation.first_answered_at is None and conversation.opened_by_id is None:
        conversation.first_answered_at = at
        conversation.first_answer_seconds = clocks.business_seconds(held, until=at)
    conversation.last_message_at = at
    conversation.preview, conversation.preview_by_id = preview_of(text), by.pk
    conversation.message_count += 1
    clocks.staff_answered(held, at=at, by=by)
    held.record("message.sent", subject=message, by=by, at=at, automatic=False)
    change_status(held, to=then, by=by, at=at)
    return message


def send(
    message: Message,
    *,
    recipients: Sequence[str],
    files: Iterable[NewFile],
    words: Iterable[str] = (),
    blind: Sequence[str] = (),
) -> None:
    """Write it down, with its delivery, which is due once it can no longer be taken back. Who is on copy gets it, too,
    and, unseen by all others, who is `blind`. The conversation is found by its text and these words."""
    conversation = message.conversation
    insert(message)
    attach(message, files)
    add_words(conversation, *words, message.text)
    insert(
        Delivery(
            message=message,
            channel=conversation.leaves_by,
            recipients=list(recipients),
            copied=[each for each in conversation.copied if each not in recipients],
            blind=list(blind),
            due_at=message.created_at + timedelta(seconds=0 if conversation.is_at_once else UNDO_SECONDS),
        )
    )


def take_draft(message: Message, pictures: Sequence[str] = ()) -> None:
    """It was written as a draft, which is done with; the draft's files go with it, and of its pictures those that stand
    in the message."""
    shown = list(pictures)
    values = [message.conversation_id, message.user_id, message.kind, message.pk, shown, shown, shown]
    ask(TAKE_DRAFT, values)
