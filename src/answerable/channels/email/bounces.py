"""A mail of ours that came back: said where it was written, and remembered of the address."""

from collections.abc import Iterable

from django.utils import timezone

from answerable.channels.email.bounce import Bounce
from answerable.customers.models import Address
from answerable.desk.actions.arriving import report
from answerable.desk.models import Delivery


def failed_delivery(conversation: int | None, message: int | None, bounce: Bounce) -> Delivery | None:
    """The delivery a report is about: the message it quotes, else the last one to the address that failed.

    Only marks that we signed lead here, so that nobody can take a customer's address away by inventing reports.
    """
    deliveries = Delivery.objects.select_for_update(of=("self",)).select_related("message__conversation")
    if message is not None:
        return deliveries.filter(message=message).first()
    failed = [failure.address.lower() for failure in bounce.failures]
    if conversation is None or not failed:
        return None
    sent = deliveries.filter(message__conversation=conversation, state=Delivery.State.SENT)
    return sent.filter(recipients__overlap=failed).order_by("-id").first()


def tie(delivery: Delivery, bounce: Bounce) -> None:
    """Mark the delivery as bounced, the addresses as dead where they are, and tell who wrote.

    A delay is only noted; the message may still arrive. What waits to be sent again is not stopped by what came of
    an earlier time.
    """
    conversation = delivery.message.conversation
    is_waiting = delivery.state == Delivery.State.WAITING
    if bounce.permanent:
        if not is_waiting:
            delivery.state = Delivery.State.BOUNCED
            delivery.error = bounce.words
            delivery.save(update_fields=["state", "error"])
        ours = {address.lower() for address in (*delivery.recipients, *delivery.copied, *delivery.blind)}
        gone = {failure.address.lower() for failure in bounce.failures if failure.permanent} & ours
        Address.objects.filter(kind=Address.Kind.EMAIL, value__in=gone, bounced_at=None).update(
            bounced_at=timezone.now()
        )
    if not is_waiting:
        report("bounced" if bounce.permanent else "delayed", delivery, conversation, bounce.words)


def are_back(addresses: Iterable[str]) -> None:
    """Somebody has just written from these addresses: they can be written to again."""
    Address.objects.filter(kind=Address.Kind.EMAIL, value__in=list(addresses), bounced_at__isnull=False).update(
        bounced_at=None
    )
