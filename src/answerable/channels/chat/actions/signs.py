"""What passes at the visitor's end: they are there, type, have seen what we wrote; they end it and say how it was."""

from datetime import timedelta

from django.utils import timezone

from answerable.channels.chat.actions.writing import Page
from answerable.channels.chat.models import Visit, Visitor
from answerable.channels.chat.visitors import HERE_FOR
from answerable.channels.chat.visits import MAILED_BEFORE, Known, is_another_browsers, visit_of, visits_of
from answerable.desk.actions.conversations import solve_for_customer
from answerable.desk.models import Conversation, Status
from answerable.events.live.signals import signal
from answerable.events.prepared import ask
from answerable.events.record import record

SIGN = "UPDATE chat_visitor SET is_typing = %s, seen_at = %s, page_url = %s, page_title = %s WHERE id = %s"
NOTE_SEEN = f"""
WITH last AS (
    SELECT max(id) AS id FROM desk_message
    WHERE (origin_id = %s OR (conversation_id = %s AND origin_id IS NULL)) AND id <= %s
),
seen AS (
    UPDATE chat_visit SET seen_message_id = last.id, seen_at = %s
    FROM last WHERE chat_visit.id = %s AND last.id > chat_visit.seen_message_id RETURNING last.id
),
arrived AS (
    UPDATE desk_delivery SET state = 'sent', sent_at = %s, error = ''
    FROM desk_message AS message, seen
    WHERE message.id = desk_delivery.message_id AND message.id <= seen.id
    AND (message.origin_id = %s OR (message.conversation_id = %s AND message.origin_id IS NULL))
    AND desk_delivery.channel = 'chat' AND desk_delivery.state = 'waiting'
    AND (%s OR NOT {MAILED_BEFORE})
    RETURNING desk_delivery.id
)
SELECT EXISTS (SELECT FROM seen), EXISTS (SELECT FROM arrived)
"""  # noqa: S608 - our own words


def give_sign(
    known: Known,
    *,
    conversation: int,
    is_typing: bool = False,
    seen: int = 0,
    page: Page | None = None,
    is_leaving: bool = False,
) -> None:
    """They are there now (or leave), perhaps type, and have seen our messages up to `seen`. Those who look at the
    conversation hear of it at once when it is news."""
    now = timezone.now()
    visitor = known.visitor
    before = (visitor.is_typing, visitor.page_url, visitor.seen_at > now - HERE_FOR)
    visitor.is_typing = is_typing and not is_leaving
    visitor.seen_at = now - HERE_FOR - timedelta(seconds=1) if is_leaving else now
    if page is not None:
        visitor.page_url, visitor.page_title = page.url[:500], page.title[:200]
    ask(SIGN, [visitor.is_typing, visitor.seen_at, visitor.page_url, visitor.page_title, visitor.pk])
    visit = visit_of(known, conversation)
    if visit is None or is_another_browsers(known, visit):
        return
    has_seen = seen > visit.seen_message_id and _note_seen(visit, seen, is_confirmed=known.is_confirmed)
    if has_seen or before != (visitor.is_typing, visitor.page_url, not is_leaving):
        tell_staff(visit.conversation)


def tell_staff(conversation: Conversation) -> None:
    """What stands of the visitor beside the conversation has changed."""
    signal(f"visitor-{conversation.pk}", "visitor.changed", team_id=conversation.team_id)


def end(known: Known, *, conversation: int) -> None:
    """They have what they wanted: it is solved, unless it is already."""
    visit = visits_of(known).select_related("conversation").get(conversation=conversation)
    solve_for_customer(visit.conversation, contact=known.contact)


def rate(known: Known, *, conversation: int, score: int, comment: str) -> None:
    """How it was, once it has ended. Feedback takes it from the event."""
    visit = visits_of(known).select_related("conversation").get(conversation=conversation)
    row = visit.conversation
    if not row.is_unsolved and row.status != Status.MERGED:
        record(
            "chat.rated",
            subject=row,
            by=None,
            team_id=row.team_id,
            score=score,
            comment=comment,
            contact=row.contact_id,
        )


def _note_seen(visit: Visit, upto: int, *, is_confirmed: bool) -> bool:
    """Our messages up to this one have arrived, of those that they are shown. Whether any was news."""
    number, now = visit.conversation_id, timezone.now()
    [(is_news, has_arrived)] = ask(NOTE_SEEN, [number, number, upto, now, visit.pk, now, number, number, is_confirmed])
    if has_arrived:
        signal(f"conversation-{number}", "message.seen", team_id=visit.conversation.team_id)
    return bool(is_news)


def is_here(visitor: Visitor) -> bool:
    """Whether their page is open, as far as we know."""
    return visitor.seen_at > timezone.now() - HERE_FOR
