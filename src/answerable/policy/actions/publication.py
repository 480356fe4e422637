"""Showing the promises to customers, or no longer."""

from django.db import transaction
from django.utils import timezone

from answerable.events.record import record
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator
from answerable.policy.models import Publication


def publish_promises(*, by: User) -> Publication:
    """Customers may read the promises in force. Where they may already, that is answered."""
    check_is_administrator(by)
    with transaction.atomic():
        publication, is_new = Publication.objects.get_or_create(withdrawn_at=None, defaults={"published_by": by})
        if is_new:
            record("promises.published", subject=publication, by=by)
    return publication


def withdraw_promises(*, by: User) -> None:
    """Customers are shown them no more. Nothing happens where they were not."""
    check_is_administrator(by)
    with transaction.atomic():
        publication = Publication.objects.select_for_update(of=("self",)).filter(withdrawn_at=None).first()
        if publication is not None:
            publication.withdrawn_at, publication.withdrawn_by = timezone.now(), by
            publication.save(update_fields=["withdrawn_at", "withdrawn_by"])
            record("promises.withdrawn", subject=publication, by=by)
