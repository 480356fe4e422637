"""One's own presence: shown beside the person on every page, chosen there, and told by the page itself."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.actions.attendance import choose_state, note_active
from answerable.people.models import Attendance
from answerable.people.views.door import member_of_staff


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest) -> HttpResponse:
    """GET: the part of the menu that shows it. POST `to`: online, break or away from now on."""
    person = member_of_staff(request)
    if request.method != "POST":
        return _shown(request, Attendance.objects.filter(user=person).first())
    if request.POST.get("to") not in (Attendance.State.ONLINE, Attendance.State.BREAK, Attendance.State.AWAY):
        return HttpResponseBadRequest()
    row = choose_state(to=request.POST["to"], by=person)
    return _shown(request, row) if request.htmx else redirect("/")  # type: ignore[attr-defined]


@require_POST
def signs(request: HttpRequest) -> HttpResponse:
    """Something is done on a page; answers with what to show where that brings the person back."""
    row = note_active(by=member_of_staff(request))
    return HttpResponse(status=204) if row is None else _shown(request, row)


def _shown(request: HttpRequest, row: Attendance | None) -> HttpResponse:
    return render(request, "web/attendance.html", {"attendance": row, "is_part": True})
