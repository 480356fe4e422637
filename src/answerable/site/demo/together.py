"""What belongs together at the bookshop: two letters of one customer, and a courier who was asked."""

from datetime import datetime

from django.db.models import Count, Min

from answerable.desk.actions.asides import open_aside
from answerable.desk.actions.links import link
from answerable.desk.actions.messages import receive
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.models import Conversation, Delivery, Link
from answerable.desk.models.conversation import UNSOLVED
from answerable.site.demo.company import Founded

COURIER = "care@balticparcel.example"
QUESTION = (
    "Hello,\n\nThis parcel left us a week ago, and our reader still waits for it. Where is it now?\n\nMarta Kalniņa"
)
ANSWER = "Hello Marta,\n\nIt is in our depot: the house number was missing. With the number, it arrives tomorrow."


def bring_together(company: Founded, *, now: datetime) -> None:
    """Two conversations of one customer merged, two linked, and the courier asked beside one, who has answered."""
    marta, team = company.staff["marta"], company.teams["support"]
    waiting = Conversation.objects.filter(team__path__startswith=team.path, status__in=UNSOLVED, beside=None)
    twice = waiting.values("contact").annotate(of=Count("pk"), first=Min("pk")).filter(of__gte=2).order_by("first")[:1]
    for each in twice:
        kept, other = waiting.filter(contact=each["contact"]).order_by("pk")[:2]
        merge(kept, absorb=[other], by=marta, at=now)
    lost = list(waiting.filter(language="en", subject__contains="arrived").order_by("-last_message_at", "-pk")[:2])
    for conversation in lost[:1]:
        aside = open_aside(
            conversation,
            to=COURIER,
            name="Baltic Parcel",
            subject="Where is this parcel?",
            text=QUESTION,
            by=marta,
            at=now,
        )
        Delivery.objects.filter(message__conversation=aside).update(
            state=Delivery.State.SENT, attempts=1, due_at=now, sent_at=now, created_at=now
        )  # nothing of the demo is ever mailed
        receive(aside, contact=aside.contact, text=ANSWER, at=now)
    if len(lost) > 1:
        link(lost[0], to=lost[1], kind=Link.Kind.RELATED, by=marta, at=now)
