"""What lists show and reports ask for of a conversation, out of what the export tells (docs/measures.md)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from answerable.desk.actions.files import NewFile
from answerable.desk.actions.previews import preview_of_kept, preview_of_own
from answerable.desk.models import Conversation, Kind, Message, Status
from answerable.desk.models.conversation import UNSOLVED
from answerable.imports.records import Ticket
from answerable.imports.stage import Remarks

Written = tuple[Message, list[NewFile]]


def freeze(row: Conversation, ticket: Ticket, written: Sequence[Written], remarks: Remarks, about: str) -> None:
    """`written` is all of it, the oldest first; what was frozen before is forgotten."""
    messages = [message for message, _files in written]
    last, files = written[-1]
    row.last_message_at, row.message_count = last.created_at, len(messages)
    row.preview = preview_of_kept(last) if last.pk else preview_of_own(last, (file.name for file in files))
    row.preview_by_id = last.user_id
    public = [one for one in messages if one.kind != Kind.NOTE and not one.automatic]
    row.asked_at = max((one.created_at for one in public if one.kind == Kind.INBOUND), default=None)
    begun_by_us = bool(public) and public[0].kind == Kind.OUTBOUND
    row.opened_by_id = public[0].user_id if begun_by_us else None
    row.first_answered_at = row.unanswered_since = row.solved_at = row.closed_at = row.spam_at = None
    asked = next((place for place, one in enumerate(public) if one.kind == Kind.INBOUND), None)
    answered = next((one for one in public[asked:] if one.kind == Kind.OUTBOUND), None) if asked is not None else None
    if answered is not None and not begun_by_us:
        if answered.created_at >= row.created_at:
            row.first_answered_at = answered.created_at
        else:
            remarks.add(about, "answered_before")
    if row.status in UNSOLVED:
        since = [one for one in _after_last_answer(public) if one.kind == Kind.INBOUND]
        row.unanswered_since = since[0].created_at if since else None
    else:
        _freeze_end(row, ticket, remarks, about)


def _freeze_end(row: Conversation, ticket: Ticket, remarks: Remarks, about: str) -> None:
    solved = instant(ticket.solved_at)
    if solved is None:
        solved = instant(ticket.closed_at or ticket.updated_at) or row.last_message_at
        if not ticket.closed_at:
            remarks.add(about, "solved_when")
    row.solved_at = max(solved, row.created_at)
    if row.status == Status.CLOSED:
        row.closed_at = max(instant(ticket.closed_at) or row.solved_at, row.solved_at)
    if ticket.is_spam:
        row.spam_at = row.closed_at


def _after_last_answer(public: Sequence[Message]) -> Sequence[Message]:
    places = [place for place, one in enumerate(public) if one.kind == Kind.OUTBOUND]
    return public[places[-1] + 1 :] if places else public


def instant(seconds: float | None) -> datetime | None:
    """Of Unix seconds."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
