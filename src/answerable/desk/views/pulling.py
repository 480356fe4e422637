"""The most urgent conversation that one can do, taken."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from answerable.desk.actions.pulling import take_next
from answerable.desk.errors import Refused
from answerable.desk.views.door import StaffRequest, staff


@require_POST
@staff
def next_conversation(request: StaffRequest) -> HttpResponse:
    """Take it and open it."""
    taken = take_next(by=request.user)
    if taken is None:
        raise Refused(_("Nothing waits that you could do: in your teams, with your skills and languages."))
    there = reverse("conversation", args=[taken.pk])
    return HttpResponse(status=204, headers={"HX-Redirect": there}) if request.htmx else redirect(there)
