"""Mails that bring customers the answer to what they said of the policy."""

from django.db import transaction
from django.utils import timezone

from answerable.customers.actions.senders import contact_for_address
from answerable.customers.models import Contact
from answerable.desk.actions.writing_first import address_of, inbox_for, write_first
from answerable.events.models import Event
from answerable.policy.letters import comment_answer
from answerable.policy.models import Comment


def mail_comment_answer(event: Event) -> None:
    """Reaction to comment.answered: who left an address hears what was answered, once, and may write back.

    A colleague reads it on the page. Of a passer-by nobody has checked the address; the mail quotes what was said.
    """
    number = int(event.subject.rpartition("-")[2])
    with transaction.atomic():
        rows = Comment.objects.select_for_update(of=("self",)).select_related("contact", "version", "answered_by")
        comment = rows.get(pk=number)
        if comment.answered_at is None or comment.mailed_at is not None:
            return
        contact, recipient = _whom(comment)
        inbox = inbox_for(contact, comment.language) if contact else None
        if contact is None or recipient is None or inbox is None:
            return
        comment.mailed_at = timezone.now()
        comment.save(update_fields=["mailed_at"])
        letter = comment_answer(comment)
        write_first(
            contact,
            inbox=inbox,
            recipient=recipient,
            subject=letter.subject,
            text=letter.text,
            language=letter.language,
            about="comment_answer",
            by=comment.answered_by,
            at=comment.mailed_at,
        )


def _whom(comment: Comment) -> tuple[Contact | None, str | None]:
    """The customer and where to write to them; nobody where we know neither."""
    if comment.contact is not None:
        return comment.contact, comment.address or address_of(comment.contact)
    if comment.by_id is None and comment.address:
        return contact_for_address(comment.address), comment.address
    return None, None
