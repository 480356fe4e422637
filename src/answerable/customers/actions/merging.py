"""One contact found to be another. Nothing is lost: all that moves is noted, so that it can move back.

Conversations and messages follow by the reactions to contact.merged and contact.unmerged.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.customers.models import Address, Contact, Merge
from answerable.customers.permissions import check_may_tend
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User

FILLED = ("name", "organisation_id", "segment_id", "language", "region")


@dataclass(frozen=True)
class Plan:
    """What a merge would do: these addresses move, these empty fields are filled, these notes are added."""

    kept: Contact
    absorbed: Contact
    addresses: list[Address] = field(default_factory=list)
    filled: dict[str, Any] = field(default_factory=dict)
    notes: str = ""


def plan_merge(kept: Contact, absorbed: Contact) -> Plan:
    """Look before merging. Raises Refused where it makes no sense."""
    if kept.pk == absorbed.pk:
        raise Refused(_("These are one and the same contact."))
    for contact in (kept, absorbed):
        if contact.merged_into_id is not None:
            raise Refused(_("%(name)s was merged into somebody already.") % {"name": contact})
    return Plan(
        kept,
        absorbed,
        addresses=list(absorbed.addresses.all()),
        filled={
            name: getattr(absorbed, name) for name in FILLED if not getattr(kept, name) and getattr(absorbed, name)
        },
        notes=absorbed.notes,
    )


def merge(kept: Contact, *, absorb: Contact, by: User | None) -> Merge:
    """`absorb` becomes `kept`: addresses move over, empty fields are filled, notes are put below one another."""
    check_may_tend(by)
    with transaction.atomic():
        kept, absorbed = _locked(kept.pk, absorb.pk)
        plan = plan_merge(kept, absorbed)
        moved: dict[str, Any] = {
            "addresses": [address.pk for address in plan.addresses],
            "filled": plan.filled,
            "notes": _put_below(kept, plan.notes),
            "known_as": absorbed.name or ", ".join(address.value for address in plan.addresses) or str(absorbed),
        }
        Address.objects.filter(pk__in=moved["addresses"]).update(contact=kept)
        for name, value in plan.filled.items():
            setattr(kept, name, value)
        kept.save(update_fields=[*plan.filled, "notes"])
        absorbed.merged_into = kept
        absorbed.save(update_fields=["merged_into"])
        row = Merge.objects.create(kept=kept, absorbed=absorbed, moved=moved, by=by)
        record(
            "contact.merged",
            subject=kept,
            by=by,
            merge=row.pk,
            kept=kept.pk,
            absorbed=absorbed.pk,
            name=moved["known_as"],
        )
    return row


def undo_merge(row: Merge, *, by: User | None) -> Merge:
    """They are two after all. What was changed or moved on since then stays as it is now."""
    check_may_tend(by)
    with transaction.atomic():
        row = Merge.objects.select_for_update().get(pk=row.pk)
        kept, absorbed = _locked(row.kept_id, row.absorbed_id)
        if row.undone_at is not None:
            return row
        if kept.merged_into_id is not None:
            raise Refused(
                _("%(name)s has itself been merged into %(into)s since. Undo that first.")
                % {"name": kept, "into": kept.merged_into}
            )
        Address.objects.filter(pk__in=row.moved["addresses"], contact=kept).update(contact=absorbed)
        for name, value in row.moved["filled"].items():
            if getattr(kept, name) == value:
                setattr(kept, name, None if name.endswith("_id") else "")
        if row.moved["notes"]:
            kept.notes = "".join(kept.notes.rsplit(row.moved["notes"], 1))  # they were put below
        kept.save(update_fields=[*row.moved["filled"], "notes"])
        absorbed.merged_into = None
        absorbed.save(update_fields=["merged_into"])
        row.undone_at = timezone.now()
        row.save(update_fields=["undone_at"])
        record("contact.unmerged", subject=kept, by=by, merge=row.pk, kept=kept.pk, absorbed=absorbed.pk)
        record("contact.restored", subject=absorbed, by=by, merge=row.pk)
    return row


def _locked(kept: int, absorbed: int) -> tuple[Contact, Contact]:
    """Both rows, once nobody is writing to them any more: first their addresses, which who writes holds a share of
    (see senders), then themselves, always in the order of their numbers."""
    numbers = (kept, absorbed)
    list(Address.objects.select_for_update().filter(contact__in=numbers).order_by("pk"))
    contacts = Contact.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    rows = {row.pk: row for row in contacts}
    return rows[kept], rows[absorbed]


def _put_below(kept: Contact, notes: str) -> str:
    """Add notes to the contact's; answers exactly what was added, to take it away again."""
    added = f"\n\n{notes}" if kept.notes and notes else notes
    kept.notes += added
    return added
