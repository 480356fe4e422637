"""An agent writes first."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.customers.actions import contact_for_address
from answerable.customers.models import Address
from answerable.desk.actions.answering import answer, send
from answerable.desk.actions.changes import HANDLERS
from answerable.desk.actions.conversations import new_conversation, note_opened
from answerable.desk.actions.copies import address_first
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.held import Held, hold
from answerable.desk.actions.search import introduction
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Conversation, Inbox, Status
from answerable.events.models import Event
from answerable.people.models import User
from answerable.web.standing import Given, Standing

ADDRESSES = Standing(lambda: Address.objects.filter(contact=Given("contact")).order_by("id"))


def write_first(
    *,
    inbox: Inbox,
    to: str,
    subject: str,
    text: str,
    by: User,
    name: str = "",
    attachments: Iterable[NewFile] = (),
    follows: Conversation | None = None,
    copied: Iterable[str] = (),
    blind: Iterable[str] = (),
) -> Conversation:
    """A new conversation with its first message on the way to `to`, from the inbox's address; it may follow up on
    another, which says so as well."""
    if not by.holds(*HANDLERS, team_id=inbox.team_id):
        raise PermissionDenied
    if not text.strip():
        raise Refused(_("Write something first."))
    at = timezone.now()
    happened: list[Event] = []
    with transaction.atomic():
        contact = contact_for_address(to, name, leave=happened.extend)
        added = [event.particulars["address"] for event in happened if event.verb == "contact.added"]
        new = [Address(kind=Address.Kind.EMAIL, value=address) for address in added]
        addresses = new or ADDRESSES.rows(contact=contact.pk)  # who is new has no other
        mailed = (one for one in addresses if one.kind == Address.Kind.EMAIL and one.bounced_at is None)
        recipients = [one.value for one in mailed][:1]
        if not recipients:
            raise Refused(_("There is no address to send this to."))
        before = hold(follows) if follows else None
        if before is not None:
            check_can_handle(by, before.conversation)
            if before.conversation.status != Status.CLOSED:
                raise Refused(_("Only what is closed is followed up. Write in the conversation itself."))
        conversation = new_conversation(inbox=inbox, contact=contact, subject=subject, by=by, at=at, follows=follows)
        conversation.team = inbox.team
        held = Held(conversation)
        note_opened(held, by=by)
        unseen = address_first(held, recipients, copied=copied, blind=blind, by=by)
        message = answer(held, text=text, html="", by=by, then=Status.PENDING, at=at)
        held.insert()
        words = introduction(conversation, addresses)
        send(message, recipients=recipients, blind=unseen, files=attachments, words=words)
        held.keep(after=happened)
        if before is not None:
            before.record("conversation.followed_up", by=by, at=at, other=conversation.pk)
            before.keep()
    return conversation
