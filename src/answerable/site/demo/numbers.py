"""What there is after loading, in figures."""

from typing import Any

from django.db.models import Avg, Count, Q

from answerable.customers.models import Contact
from answerable.desk.models import Clock, Conversation, Message
from answerable.desk.models.conversation import UNSOLVED
from answerable.feedback.models import Invitation, Rating
from answerable.people.models import User


def figures() -> dict[str, Any]:
    """Counts, and shares of one; for the person who loaded it and for tests."""
    clocks = dict(Clock.objects.values_list("state").annotate(Count("id")).order_by("state"))
    kept, late = clocks.get(Clock.State.MET, 0), clocks.get(Clock.State.BREACHED, 0)
    rated, invited = Rating.objects.count(), Invitation.objects.count()
    return {
        "staff": User.objects.count(),
        "contacts": Contact.objects.count(),
        "conversations": Conversation.objects.count(),
        "messages": Message.objects.count(),
        "unsolved": Conversation.objects.filter(status__in=UNSOLVED).count(),
        "reopened": Conversation.objects.filter(reopen_count__gt=0).count(),
        "clocks": clocks,
        "kept": kept / (kept + late) if kept + late else None,
        "first_answer_seconds": Conversation.objects.aggregate(mean=Avg("first_answer_seconds"))["mean"],
        "invited": invited,
        "rated": rated / invited if invited else None,
        "satisfied": Rating.objects.filter(Q(score__gte=4)).count() / rated if rated else None,
    }
