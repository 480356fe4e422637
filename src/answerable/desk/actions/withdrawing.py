"""What who wrote it takes back.

They expect that nobody reads it any more; the company may have to prove what was said to it. So its words and files
leave the message for a record that no page, search, interface or export reads; that there was a message, and when it
was withdrawn, stays in its place.
"""

from datetime import datetime

from django.db import transaction

from answerable.desk.actions.held import locked
from answerable.desk.actions.previews import preview_of, show_last
from answerable.desk.actions.search import index_conversation
from answerable.desk.models import Conversation, Delivery, Kind, Message, Withdrawal
from answerable.events.record import record


def withdraw(message: Message, *, at: datetime) -> None:
    """Hide a customer's message, with all that they have reworded it to. Again, nothing is left to hide."""
    with transaction.atomic():
        conversation = locked(message.conversation_id)
        rows = Message.objects.select_for_update(of=("self",)).filter(kind=Kind.INBOUND, withdrawn_at=None)
        for row in (rows.filter(pk=message.pk) | rows.filter(rewords=message.pk)).order_by("pk"):
            _hide(row, at)
            _forget_the_subject(conversation, row.withdrawal.text)
            record("message.withdrawn", subject=row, root=conversation, by=None, team_id=conversation.team_id, at=at)
        seen = conversation.messages.exclude(kind=Kind.NOTE).exclude(delivery__state=Delivery.State.UNDONE)
        show_last(conversation, seen.filter(withdrawn_at=None).defer("html").order_by("-id").first())
        conversation.save(update_fields=["subject", "preview", "preview_by"])
        index_conversation(conversation)


def _hide(row: Message, at: datetime) -> None:
    kept = Withdrawal.objects.create(message=row, text=row.text, html=row.html, folds=row.folds, at=at)
    row.attachments.update(message=None, withdrawal=kept)
    row.text, row.html, row.folds, row.withdrawn_at = "", "", [], at
    row.save(update_fields=["text", "html", "folds", "withdrawn_at"])


def _forget_the_subject(conversation: Conversation, text: str) -> None:
    """Where it was made of these words."""
    beginning = conversation.subject.removesuffix("…").strip()
    if beginning and preview_of(text).startswith(beginning):
        conversation.subject = ""
