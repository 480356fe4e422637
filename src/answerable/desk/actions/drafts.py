"""What is being typed, kept as it is typed. Nobody else's business: no event is left behind."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from answerable.desk.actions.copies import AS_EVER, Envelope
from answerable.desk.actions.files import NewFile
from answerable.desk.errors import Refused, check_can_handle, check_can_see
from answerable.desk.models import Attachment, Conversation, Draft, File, Kind
from answerable.events.models import Event, noun
from answerable.people.models import User
from answerable.web.drafts import Elsewhere, Page

MOST_PICTURES = 20
UNKNOWN = Page()


def keep_draft(
    conversation: Conversation,
    *,
    kind: str,
    text: str,
    by: User,
    seen_event: int | None,
    html: str = "",
    envelope: Envelope = AS_EVER,
    page: Page = UNKNOWN,
) -> Draft | None:
    """Keep the text; an empty one without files is no draft. None where nothing is kept.

    A draft saved on its way while the same text was already sent would come back from the dead:
    `seen_event` is the last event on the page it was typed on. Raises Elsewhere where they have sent since, or have
    typed in another tab what this `page` does not show.
    """
    check_can_see(by, conversation)
    verb = "note.added" if kind == Kind.NOTE else "message.sent"
    sent = Event.objects.filter(root=noun(conversation), id__gt=seen_event or 0, actor=by, verb=verb)
    with transaction.atomic():
        if seen_event is not None and not page.insists:
            # Who sends holds the conversation: we look once their event is there, or keep this before they take it.
            Conversation.objects.select_for_update(no_key=True).values_list("pk").get(pk=conversation.pk)
            if sent.exists():
                raise Elsewhere
        standing = Draft.objects.select_for_update().filter(conversation=conversation, user=by, kind=kind).first()
        if standing is not None and not page.may_keep(standing, text):
            raise Elsewhere(standing.text, standing.html)
        if not text.strip():
            Draft.objects.filter(conversation=conversation, user=by, kind=kind, attachments=None).delete()
            return None
        return Draft.objects.update_or_create(
            conversation=conversation,
            user=by,
            kind=kind,
            defaults={"text": text, "html": html, "envelope": envelope.plain, "tab": page.tab},
        )[0]


def drop_file(attachment: Attachment, *, by: User) -> None:
    """The file no longer waits with their draft. One that was sent before, and taken back, stays with that message."""
    if attachment.draft is None or attachment.draft.user_id != by.pk:
        raise PermissionDenied
    if attachment.message_id is None:
        attachment.delete()
    else:
        attachment.draft = None
        attachment.save(update_fields=["draft"])


def keep_picture(conversation: Conversation, *, picture: NewFile, by: User) -> Attachment:
    """A picture for the answer that is being written. It goes with it if it stands in it by then."""
    check_can_handle(by, conversation)
    with transaction.atomic():
        draft = Draft.objects.get_or_create(conversation=conversation, user=by, kind=Kind.OUTBOUND)[0]
        if draft.attachments.exclude(content_id="").count() >= MOST_PICTURES:
            raise Refused(_("At most %(most)s pictures in one message.") % {"most": MOST_PICTURES})
        return Attachment.objects.create(
            draft=draft,
            file=File.objects.keep(picture.content),
            name=picture.name[:255],
            content_type=picture.content_type,
            size=len(picture.content),
            content_id=f"{uuid4().hex}@picture",
        )
