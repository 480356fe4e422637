"""Customers of a pilot: asked, agreed, declined, withdrawn. Nobody is in it without having said yes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.customers.models import Address, Contact, Segment
from answerable.customers.permissions import check_may_tend
from answerable.events.record import event_of, record, record_all
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator
from answerable.policy.actions.lots import draw_all
from answerable.policy.actions.pilots import held
from answerable.policy.models import Pilot, PilotCustomer

MOST_AT_ONCE = 2000
INVITED = "pilot.customer_invited"


@dataclass(frozen=True)
class Asked:
    """How many were asked now; how many had been before; how many cannot be reached by mail."""

    now: int
    before: int
    unreachable: int


def invite(pilot: Pilot, *, contacts: Iterable[Contact], by: User | None, at: datetime | None = None) -> Asked:
    """Ask customers to take part: each gets a mail with a link of their own (a reaction sends it). Nobody twice."""
    check_is_administrator(by)
    at = at or timezone.now()
    wanted = {contact.pk: contact for contact in contacts}
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(_("At most %(most)s customers can be asked at once.") % {"most": MOST_AT_ONCE})
    with transaction.atomic():
        pilot = held(pilot)
        for contact in wanted.values():
            _check_is_current(contact)
        known = set(pilot.customers.filter(contact__in=wanted).values_list("contact_id", flat=True))
        reached = set(
            Address.objects.filter(contact__in=wanted, kind=Address.Kind.EMAIL, bounced_at=None).values_list(
                "contact_id", flat=True
            )
        )
        asked = PilotCustomer.objects.bulk_create(
            PilotCustomer(pilot=pilot, contact=contact, invited_at=at)
            for pk, contact in wanted.items()
            if pk in reached - known
        )
        record_all(event_of(INVITED, subject=row, root=pilot, by=by, at=at, contact=row.contact_id) for row in asked)
    return Asked(len(asked), len(known), len(wanted.keys() - known - reached))


def of_segment(segment: Segment) -> list[Contact]:
    """Whoever is in it, by themselves or by their organisation."""
    own = Contact.objects.current().filter(segment=segment)
    by_organisation = Contact.objects.current().filter(segment=None, organisation__segment=segment)
    return list((own | by_organisation).order_by("id")[: MOST_AT_ONCE + 1])


def agree(row: PilotCustomer, *, at: datetime | None = None) -> PilotCustomer:
    """The customer says yes, by their own link."""
    return _agree(row, how=PilotCustomer.How.LINK, words="", by=None, at=at or timezone.now())


def note_consent(
    pilot: Pilot, *, contact: Contact, how: str, words: str, by: User, at: datetime | None = None
) -> PilotCustomer:
    """They said yes elsewhere, and somebody writes down where. Whoever tends to customers may."""
    check_may_tend(by)
    if not words.strip():
        raise Refused(_("Say where it can be read, or who heard it: consent that nobody can find is none."))
    with transaction.atomic():
        pilot = held(pilot)
        _check_is_current(contact)
        row, _is_new = PilotCustomer.objects.get_or_create(pilot=pilot, contact=contact)
        if row.takes_part:
            raise Refused(_("%(name)s takes part already.") % {"name": contact})
        return _agree(row, how=PilotCustomer.How(how), words=words.strip(), by=by, at=at or timezone.now())


def decline(row: PilotCustomer, *, at: datetime | None = None) -> PilotCustomer:
    """No, thank you. Who has agreed withdraws instead."""
    at = at or timezone.now()
    with transaction.atomic():
        pilot = held(row.pilot)
        row = pilot.customers.get(pk=row.pk)
        if row.takes_part:
            return withdraw(row, by=None, at=at)
        if row.declined_at is None:
            row.declined_at = at
            row.save(update_fields=["declined_at"])
            _record("declined", row, None, at)
    return row


def withdraw(row: PilotCustomer, *, by: User | None, words: str = "", at: datetime | None = None) -> PilotCustomer:
    """From this moment no clock begins for them under the pilot. Whoever tends to customers may write it down."""
    check_may_tend(by)
    at = at or timezone.now()
    with transaction.atomic():
        pilot = held(row.pilot)
        row = pilot.customers.get(pk=row.pk)
        if not row.takes_part:
            return row
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        _record("withdrew", row, by, at, words=words)
    return row


def _agree(row: PilotCustomer, *, how: str, words: str, by: User | None, at: datetime) -> PilotCustomer:
    with transaction.atomic():
        pilot = held(row.pilot)
        row = pilot.customers.select_related("contact").get(pk=row.pk)
        if row.takes_part:
            return row
        _check_is_current(row.contact)
        row.agreed_at, row.how, row.words, row.noted_by = at, how, words, by
        row.declined_at = row.withdrawn_at = None
        row.save(update_fields=["agreed_at", "how", "words", "noted_by", "declined_at", "withdrawn_at"])
        _record("agreed", row, by, at, how=how, words=words)
        if pilot.is_running:
            draw_all(pilot)
            row.refresh_from_db()
    return row


def _check_is_current(contact: Contact) -> None:
    if contact.merged_into_id is not None:
        raise Refused(
            _("%(name)s was merged into %(into)s. Ask them instead.") % {"name": contact, "into": contact.merged_into}
        )


def _record(verb: str, row: PilotCustomer, by: User | None, at: datetime, **particulars: object) -> None:
    record(f"pilot.customer_{verb}", subject=row, root=row.pilot, by=by, at=at, contact=row.contact_id, **particulars)
