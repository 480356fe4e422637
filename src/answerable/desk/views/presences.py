"""Who is looking, and whether they type."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from answerable.desk.actions.presences import arrive, leave, others_at
from answerable.desk.views.door import StaffRequest, staff, visible


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def presence(request: StaffRequest, pk: int) -> HttpResponse:
    """GET: who else is here. POST: I am (`typing=1`: and type; `gone=1`: no longer)."""
    found = visible(request, pk)
    if request.method == "POST":
        if request.POST.get("gone") == "1":
            leave(found, by=request.user)
            return HttpResponse(status=204)
        arrive(found, by=request.user, typing=request.POST.get("typing") == "1")
    context = {"conversation": found, "others": others_at(found, than=request.user)}
    return render(request, "desk/presence.html", context)
