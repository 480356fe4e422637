"""Addresses for calendars, and what they answer."""

from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.people.actions.calendars import give_calendar, withdraw_calendar
from answerable.people.models import CalendarFeed
from answerable.people.permissions import managed_by
from answerable.people.views.door import member_of_staff, show


@require_http_methods(["GET", "POST"])
def calendars(request: HttpRequest) -> HttpResponse:
    """The addresses one has; POST gives one, or another in its place: one's own, or `team`'s."""
    person = member_of_staff(request)
    teams = managed_by(person)
    if request.method == "POST":
        wanted = request.POST.get("team") or None
        team = None
        if wanted is not None:
            team = next((each for each in teams if str(each.pk) == wanted), None)
            if team is None:
                raise PermissionDenied
        give_calendar(team=team, by=person)
        messages.success(request, _("This is the address. An older one no longer works."))
        return redirect("rota-calendars")
    feeds = CalendarFeed.objects.filter(user=person).select_related("team").order_by("team__path", "id")
    have = {feed.team_id for feed in feeds}
    return show(
        request,
        "people/rota/calendars.html",
        feeds=[{"feed": feed, "address": _address(feed)} for feed in feeds],
        has_own=None in have,
        teams=[team for team in teams if team.pk not in have],
    )


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """The address no longer works."""
    person = member_of_staff(request)
    withdraw_calendar(get_object_or_404(CalendarFeed, pk=pk, user=person), by=person)
    messages.success(request, _("The address no longer works."))
    return redirect("rota-calendars")


@login_not_required
@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponseBase:
    """The calendar of whoever knows the address. Unchanged, it is not sent again."""
    from answerable.people.calendar_file import calendar_file, feed_of  # 3 MB, where somebody subscribes

    found = feed_of(key)
    if found is None:
        raise Http404
    file = calendar_file(found, timezone.now())
    etag = f'"{sha256(file.body).hexdigest()[:32]}"'
    response = HttpResponse(file.body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="rota.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = etag
    response["Last-Modified"] = http_date(file.changed_at.timestamp())
    return get_conditional_response(request, etag=etag, response=response) or response


def _address(feed: CalendarFeed) -> str:
    return settings.SITE_URL + reverse("rota-feed", args=[feed.key])
