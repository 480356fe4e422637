"""Who a visitor is. From then on the browser has what the same contact began in others that were confirmed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.chat.actions.writing import check_is_not_ours, meet
from answerable.channels.chat.identity import code_digest, is_signed, new_code
from answerable.channels.chat.jobs import mail_code
from answerable.channels.chat.models import CODE_IS_GOOD_FOR, Code, Visitor, Widget
from answerable.channels.chat.visits import Known, current
from answerable.customers.actions import contact_for_address
from answerable.customers.actions.contacts import add_stranger, change_contact
from answerable.customers.actions.merging import merge
from answerable.customers.models import Contact
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation

MOST_ATTEMPTS = 5


class Somebody(Refused):
    """This browser is somebody else's by now: it needs another secret."""


class NotSigned(Refused):
    """The signature does not fit what it should say."""


def identify(
    widget: Widget, *, secret: str, external_id: str, address: str, name: str, signature: str, language: str
) -> Visitor:
    """The page's own server vouches for who is there. Raises NotSigned, and Somebody."""
    if not external_id and not address:
        raise NotSigned(_("Sign an id, an e-mail address or both."))
    if not is_signed(widget, external_id=external_id, address=address, signature=signature, now=timezone.now()):
        raise NotSigned(_("The signature does not fit. It is made of the id and the address with this chat's secret."))
    with transaction.atomic():
        contact = _signed_contact(widget, external_id, address, name)
        visitor = meet(widget, secret=secret, language=language, name=name, contact=contact)
        if contact is None and visitor.confirmed_at is not None and visitor.external_id != external_id:
            raise Somebody(_("Somebody else has gone on in this browser."))
        confirmed = _confirm(visitor, contact or _of_their_own(visitor, name))
        confirmed.external_id, confirmed.address = external_id, address.lower()
        confirmed.save(update_fields=["external_id", "address"])
    return confirmed


def send_code(widget: Widget, *, secret: str, address: str, language: str) -> None:
    """A code goes to the address, whether or not we know it: which one it is, is said to nobody."""
    address = address.lower()
    check_is_not_ours(address)
    with transaction.atomic():
        visitor = meet(widget, secret=secret, language=language)
        code = new_code()
        Code.objects.filter(visitor=visitor, used_at=None).update(used_at=timezone.now())
        row = Code.objects.create(visitor=visitor, address=address, digest=code_digest(visitor.pk, address, code))
        mail_code.later(code_id=row.pk, code=code, language=language, company=widget.name)


def confirm_code(known: Known, *, code: str) -> Visitor:
    """They read what is mailed to that address. Refused after MOST_ATTEMPTS, or too late."""
    with transaction.atomic():
        row = Code.objects.select_for_update().filter(visitor=known.visitor, used_at=None).order_by("-id").first()
        is_old = row is None or row.created_at < timezone.now() - CODE_IS_GOOD_FOR or row.attempts >= MOST_ATTEMPTS
        fits = row is not None and row.digest == code_digest(known.visitor.pk, row.address, "".join(code.split()))
        if row is not None and not is_old:
            row.attempts += 1
            row.used_at = timezone.now() if fits else None
            row.save(update_fields=["attempts", "used_at"])
        visitor = _confirm(known.visitor, contact_for_address(row.address)) if row and fits and not is_old else None
        if visitor is not None and row is not None:
            visitor.address = row.address
            visitor.save(update_fields=["address"])
    if visitor is None:
        too_old = _("This code is no longer good. Ask for another one.")
        raise Refused(too_old if is_old else _("This is not the code in the mail."))
    return visitor


def _signed_contact(widget: Widget, external_id: str, address: str, name: str) -> Contact | None:
    """By the address, else by what the page's system calls them; none where that was never heard of."""
    if address:
        return contact_for_address(address, name)
    same = Visitor.objects.filter(widget=widget, external_id=external_id, confirmed_at__isnull=False)
    earlier = same.select_related("contact__merged_into").order_by("id").first()
    return current(earlier.contact) if earlier else None


def _of_their_own(visitor: Visitor, name: str) -> Contact:
    """For a name that was never heard before: the contact that began with this browser. Where somebody of ours took
    them for another contact it is a new one, since that they are the other is nobody's signed word."""
    contact = current(visitor.contact)
    if visitor.confirmed_at is not None or _is_theirs_alone(contact, visitor):
        return contact
    return add_stranger(name=name[:200], language=visitor.language)


def _is_theirs_alone(contact: Contact, visitor: Visitor) -> bool:
    """Whether all that is known of the contact came from this browser. At most four queries."""
    others = Conversation.objects.filter(contact=contact).exclude(visit__visitor=visitor)
    return not (
        contact.addresses.exists()
        or contact.merged_from.exists()
        or contact.visitors.exclude(pk=visitor.pk).exists()
        or others.exists()
    )


def _confirm(visitor: Visitor, contact: Contact) -> Visitor:
    """It is known who they are: what they wrote before it was is the contact's, too, unless it was known of somebody
    else as well. Raises Somebody."""
    row = Visitor.objects.select_for_update(of=("self",)).select_related("contact__merged_into").get(pk=visitor.pk)
    before = current(row.contact)
    if row.confirmed_at is not None and before.pk != contact.pk:
        raise Somebody(_("Somebody else has gone on in this browser."))
    if row.confirmed_at is None:
        if before.pk != contact.pk and _is_theirs_alone(before, row):
            merge(contact, absorb=before, by=None)
        row.contact, row.confirmed_at = contact, timezone.now()
        row.save(update_fields=["contact", "confirmed_at"])
    if not contact.language and row.language:
        change_contact(contact, by=None, language=row.language)
    return row
