"""Rehearsals since a day, for a review of the policy."""

from datetime import date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from answerable.insight.models import Rehearsal
from answerable.insight.views.report import reader

LISTED = 20


@require_GET
def tried(request: HttpRequest) -> HttpResponse:
    """Those the reader may see that began on `?since=` (a date) or later; all without it."""
    rows = Rehearsal.objects.visible_to(reader(request)).select_related("by")
    since = _day(request.GET.get("since", ""))
    if since is not None:
        rows = rows.filter(created_at__gte=timezone.make_aware(datetime.combine(since, time())))
    rows = rows.defer("result", "upload", "draft_document", "against_document")
    return render(request, "insight/rehearsals/tried.html", {"rehearsals": rows[:LISTED]})


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(1900, 1, 1) <= found <= date(2200, 1, 1) else None
