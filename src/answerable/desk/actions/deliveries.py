"""What has been written and did not arrive."""

from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.customers.models import Address
from answerable.desk.actions.held import locked
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Conversation, Delivery, Kind, Message
from answerable.events.record import record
from answerable.people.models import User
from answerable.web.standing import Given, Standing

LOST = (Delivery.State.FAILED, Delivery.State.BOUNCED)


def send_again(message: Message, *, by: User, to: str = "") -> Delivery:
    """After what was wrong has been mended: from the beginning, under the same name, and `to` another address of
    the contact where one is given. Refused where nothing was lost."""
    with transaction.atomic():
        conversation = locked(message.conversation_id)
        check_can_handle(by, conversation)
        # Whoever holds the row (it is being sent, or comes back) may want the conversation next: not waited for.
        delivery = Delivery.objects.select_for_update(skip_locked=True).filter(message=message).first()
        if delivery is None or delivery.state not in LOST:
            raise Refused(_("Only a message that did not arrive can be sent again."))
        if conversation.is_shut:
            raise Refused(_("This conversation is closed. A new message from the customer starts a follow-up."))
        if to and to not in delivery.recipients:
            if to not in addresses_of(conversation):
                raise Refused(_("%(address)s is no address of this contact.") % {"address": to})
            delivery.recipients = [to]
        delivery.state, delivery.error, delivery.attempts = Delivery.State.WAITING, "", 0
        delivery.due_at = delivery.created_at = timezone.now()
        delivery.save(update_fields=["recipients", "state", "error", "attempts", "due_at", "created_at"])
        record(
            "message.sent_again",
            subject=message,
            root=conversation,
            by=by,
            team_id=conversation.team_id,
            to=delivery.recipients,
        )
    return delivery


def addresses_of(conversation: Conversation) -> list[str]:
    """The contact's addresses that answers can go to: by the channel that carries them, and none that anything has
    come back from. Those they last wrote from here first."""
    kind, contact = conversation.leaves_by, conversation.contact_id
    return [value for (value,) in GOOD.values(conversation=conversation.pk, contact=contact, kind=kind)]


def recipients_of(conversation: Conversation) -> list[str]:
    """Whom an answer is addressed to: the contact's first good address. In a chat nobody, since the channel knows who
    is there. Refused where there is no way to them."""
    recipients = addresses_of(conversation)[:1]
    if not recipients and not conversation.is_at_once:
        raise Refused(_("There is no address to send this to."))
    return recipients


def _good() -> QuerySet[Address, Any]:
    wrote = Message.objects.filter(
        conversation=Given("conversation"),
        kind=Kind.INBOUND,
        contact=Given("contact"),
        written_from=OuterRef("value"),
    )
    good = Address.objects.filter(contact=Given("contact"), kind=Given("kind"), bounced_at=None)
    last = F("last").desc(nulls_last=True)
    latest = good.annotate(last=Subquery(wrote.order_by("-id").values("id")[:1])).order_by(last, "id")
    return latest.values_list("value")


GOOD = Standing(_good)
