"""What an agent sees of a visitor, above the box they answer in."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from answerable.channels.chat.actions.signs import is_here
from answerable.channels.chat.models import Visit
from answerable.desk.views.door import StaffRequest, staff, visible
from answerable.desk.views.moved import until_it_moves


@require_safe
@staff
@until_it_moves("visitor")
def visitor(request: StaffRequest, pk: int) -> HttpResponse:
    """Whether they are there, on which page, type, and have seen what we wrote. Two queries."""
    found = visible(request, pk)
    visit = get_object_or_404(Visit.objects.select_related("visitor"), conversation=found)
    last = found.messages.filter(kind="outbound", automatic=False).order_by("-pk").values_list("pk", flat=True).first()
    here = is_here(visit.visitor)
    context = {
        "conversation": found,
        "visit": visit,
        "visitor": visit.visitor,
        "is_here": here,
        "is_typing": here and visit.visitor.is_typing,
        "has_seen": last is not None and visit.seen_message_id >= last,
    }
    return render(request, "chat/visitor.html", context)
