"""Segments: kinds of customers the policy may promise something of its own to."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from answerable.customers.models import Segment
from answerable.customers.permissions import check_may_arrange
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User


def add_segment(*, name: str, by: User | None) -> Segment:
    """Its key, by which the policy names it, comes from its name and stays."""
    check_may_arrange(by)
    with transaction.atomic():
        stem = slugify(name)[:50] or "segment"
        taken = set(Segment.objects.filter(key__startswith=stem).values_list("key", flat=True))
        key = next(
            key
            for number in range(1, len(taken) + 2)
            if (key := stem if number == 1 else f"{stem}-{number}") not in taken
        )
        segment = Segment.objects.create(name=name, key=key)
        record("segment.added", subject=segment, by=by, name=name, key=key)
    return segment


def rename_segment(segment: Segment, *, name: str, by: User | None) -> Segment:
    check_may_arrange(by)
    with transaction.atomic():
        segment = Segment.objects.select_for_update().get(pk=segment.pk)
        if segment.name != name:
            before, segment.name = segment.name, name
            segment.save(update_fields=["name"])
            record("segment.renamed", subject=segment, by=by, key=segment.key, before=before, after=name)
    return segment


def remove_segment(segment: Segment, *, by: User | None) -> None:
    """Only one that nobody is in: who is in a segment has been promised something."""
    check_may_arrange(by)
    with transaction.atomic():
        row = Segment.objects.select_for_update().get(pk=segment.pk)
        if row.contacts.exists() or row.organisations.exists():
            raise Refused(_("Somebody is in %(segment)s. Put them elsewhere first.") % {"segment": row})
        record("segment.removed", subject=row, by=by, name=row.name, key=row.key)
        row.delete()
