"""An agent takes the most urgent conversation that they can do."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from answerable.core.routing import in_order, may
from answerable.desk.actions.held import hold
from answerable.desk.actions.offers import hand_over
from answerable.desk.models import Conversation, Offer
from answerable.desk.routing.line import capacities, line, waiting
from answerable.desk.routing.people import puller
from answerable.people.models import User

LOOKED_AT = 1000


def take_next(*, by: User) -> Conversation | None:
    """The most urgent of those nobody has that they may be given, and is offered to nobody else; None: there is none.

    Two who ask at once get two: what somebody else is taking is passed over.
    """
    me = puller(by)
    others = Offer.objects.standing().filter(conversation=OuterRef("pk")).exclude(user=by)
    rows = Conversation.objects.filter(~Exists(others), team__in=me.teams)
    for each in in_order(line(rows, capacities(me.teams), timezone.now(), limit=LOOKED_AT)):
        if may(me, each) is None and (taken := _take(each.id, by)) is not None:
            return taken
    return None


def _take(pk: int, by: User) -> Conversation | None:
    with transaction.atomic():
        free = waiting(Conversation.objects.filter(pk=pk)).select_for_update(skip_locked=True, of=("self",))
        if free.first() is None:
            return None
        held = hold(pk)
        hand_over(held, by=by)
        held.keep()
    return held.conversation
