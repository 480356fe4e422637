"""A conversation that another team has now, for those who had it before."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from answerable.desk.models import Conversation
from answerable.desk.views.door import StaffRequest
from answerable.events.models import Event


def where_it_went(request: StaffRequest, pk: int, *, template: str) -> HttpResponse:
    """Says which team has it, and nothing else of it. 404 for who never had it: it is not even said to exist."""
    left = Event.objects.filter(root=f"conversation-{pk}", verb="conversation.left", team_id__in=request.user.team_ids)
    if not left.exists():
        raise Http404
    found = get_object_or_404(Conversation.objects.select_related("team").only("team__name"), pk=pk)
    return render(request, template, {"conversation": found}, status=200 if request.htmx else 404)
