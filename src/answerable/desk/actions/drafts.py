"""What is being typed, kept as it is typed. Nobody else's business: no event is left behind."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from answerable.desk.errors import check_can_see
from answerable.desk.models import Attachment, Conversation, Draft, Kind
from answerable.events.models import Event, noun
from answerable.people.models import User


def keep_draft(conversation: Conversation, *, kind: str, text: str, by: User, seen_event: int | None) -> Draft | None:
    """Keep the text; an empty one without files is no draft. None where nothing is kept.

    A draft saved on its way while the same text was already sent would come back from the dead:
    `seen_event` is the last event on the page it was typed on, and whoever has sent since keeps nothing.
    """
    check_can_see(by, conversation)
    verb = "note.added" if kind == Kind.NOTE else "message.sent"
    sent = Event.objects.filter(root=noun(conversation), id__gt=seen_event or 0, actor=by, verb=verb)
    if seen_event is not None and sent.exists():
        return None
    with transaction.atomic():
        if not text.strip():
            Draft.objects.filter(conversation=conversation, user=by, kind=kind, attachments=None).delete()
            return None
        draft, _made = Draft.objects.update_or_create(
            conversation=conversation, user=by, kind=kind, defaults={"text": text}
        )
    return draft


def drop_file(attachment: Attachment, *, by: User) -> None:
    """The file no longer waits with their draft. One that was sent before, and taken back, stays with that message."""
    if attachment.draft is None or attachment.draft.user_id != by.pk:
        raise PermissionDenied
    if attachment.message_id is None:
        attachment.delete()
    else:
        attachment.draft = None
        attachment.save(update_fields=["draft"])
