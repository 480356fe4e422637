"""Who can be mentioned in a note."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from answerable.desk.models import Conversation
from answerable.desk.views.door import StaffRequest, staff, visible
from answerable.people.models import User

MOST_OFFERED = 8


@require_safe
@staff
def colleagues(request: StaffRequest, pk: int) -> HttpResponse:
    """Those who see this conversation and whose name or address fits `?q=`."""
    found = visible(request, pk, Conversation.objects.select_related("team"))
    query = request.GET.get("q", "").replace("\0", "")[:100]
    people = User.objects.seeing(found.team).exclude(pk=request.user.pk)
    if query:
        people = people.filter(Q(name__icontains=query) | Q(email__istartswith=query))
    return render(request, "desk/colleagues.html", {"people": people[:MOST_OFFERED]})
