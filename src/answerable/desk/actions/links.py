"""Conversations that belong together."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.actions.held import hold_all, keep_all
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Conversation, Link, Status
from answerable.people.models import User


def link(conversation: Conversation, *, to: Conversation, kind: str, by: User, at: datetime | None = None) -> Link:
    """Say what this one is to the other; seen on both. Refused where they are linked already, either way."""
    at = at or timezone.now()
    with transaction.atomic():
        held = hold_all([conversation.pk, to.pk])
        for one in held.values():
            check_can_handle(by, one.conversation)
            if one.conversation.status == Status.BESIDE:
                raise Refused(_("A conversation with a third party belongs to the one it stands beside."))
            if one.conversation.status == Status.MERGED:
                raise Refused(_("All of it stands in #%(number)s.") % {"number": one.conversation.merged_into_id})
        if conversation.pk == to.pk:
            raise Refused(_("This is one and the same conversation."))
        if Link.objects.of(conversation).filter(source__in=held, target__in=held).exists():
            raise Refused(_("They are linked already. Take that link away first."))
        row = Link.objects.create(source=conversation, target=to, kind=kind, by=by, at=at)
        for one, other in ((held[conversation.pk], to.pk), (held[to.pk], conversation.pk)):
            one.record("conversation.linked", by=by, at=at, other=other, kind=kind, link=row.pk)
        keep_all(held.values())
    return row


def unlink(row: Link, *, by: User) -> Link:
    """It was wrong, or is over. Nothing else changes."""
    with transaction.atomic():
        held = hold_all([row.source_id, row.target_id])
        for one in held.values():
            check_can_handle(by, one.conversation)
        row.refresh_from_db()
        if row.removed_at is None:
            row.removed_at = timezone.now()
            row.save(update_fields=["removed_at"])
            for one, other in ((held[row.source_id], row.target_id), (held[row.target_id], row.source_id)):
                one.record("conversation.unlinked", by=by, other=other, kind=row.kind, link=row.pk)
            keep_all(held.values())
    return row


def link_again(row: Link, *, by: User) -> Link:
    """The link was right after all."""
    return link(row.source, to=row.target, kind=row.kind, by=by)
