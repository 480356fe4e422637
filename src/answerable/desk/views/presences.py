"""Who is looking, and whether they type."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from answerable.desk.actions.presences import arrive, leave, others_at, others_everywhere
from answerable.desk.views.door import StaffRequest, staff, visible
from answerable.desk.views.moved import until_it_moves

TYPING = {"1": True, "0": False}


@require_http_methods(["GET", "HEAD", "POST"])
@staff
@until_it_moves(methods=("GET", "HEAD", "POST"))
def presence(request: StaffRequest, pk: int) -> HttpResponse:
    """GET: who else is here. POST: I am (`typing=1`: and write an answer, `0`: no more; `gone=1`: no longer)."""
    found = visible(request, pk)
    if request.method == "POST":
        if request.POST.get("gone") == "1":
            leave(found, by=request.user)
            return HttpResponse(status=204)
        arrive(found, by=request.user, typing=TYPING.get(request.POST.get("typing", "")))
    context = {"conversation": found, "others": others_at(found, than=request.user)}
    return render(request, "desk/presence.html", context)


@require_safe
@staff
def presences(request: StaffRequest) -> HttpResponse:
    """Who else is at which conversation: signs for the rows of a list."""
    return render(request, "desk/presences.html", {"others": others_everywhere(than=request.user)})
