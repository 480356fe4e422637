"""The organisation chart, moving in it, and its history."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from answerable.events.models import Event
from answerable.people.actions.memberships import move_member
from answerable.people.actions.teams import move_team
from answerable.people.chart import chart
from answerable.people.errors import Refused, Stale
from answerable.people.forms.moves import MoveForm
from answerable.people.happenings import SENTENCES, Happening, said
from answerable.people.models import FormerMembership, Membership, Role, Team, User
from answerable.people.permissions import managed_by, may_manage
from answerable.people.views.door import member_of_staff, show
from answerable.web.pager import keyset

MOVES = ("membership.moved", "team.moved")
UNDONE_WITHIN = timedelta(hours=1)
LONGEST_NUMBER = 18


@require_GET
def structure(request: HttpRequest) -> HttpResponse:
    """The chart; with `?on=2026-10-01` as it was at the end of that day, and then only to be read."""
    person = member_of_staff(request)
    asked = request.GET.get("on", "")
    day = _day(asked)
    at = _end_of(day) if day else None
    return show(
        request,
        "people/structure.html",
        tops=chart(person, at),
        day=day,
        asked=asked,
        is_unclear=bool(asked) and day is None,
        today=timezone.localdate(),
        may_change=at is None and person.holds(Role.ADMINISTRATOR, Role.LEAD),
        moved=_just_moved(request, person),
    )


@require_http_methods(["GET", "POST"])
def moves(request: HttpRequest) -> HttpResponse:
    """Move somebody, or a team, to another place. GET chooses the place; `?membership=` or `?team=` says who."""
    by = member_of_staff(request)
    sent = request.POST if request.method == "POST" else request.GET
    try:
        what, is_there = _moving(sent)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("team")
    if not may_manage(by, what.team if isinstance(what, Membership) else what.parent or what):
        raise PermissionDenied
    places = managed_by(by)
    if isinstance(what, Team):
        places = places.exclude(path__startswith=what.path)
    form = MoveForm(request.POST if request.method == "POST" else None, places=places, initial={"to": sent.get("to")})
    if form.is_bound and not is_there:
        team = what.team if isinstance(what, Membership) else what
        form.add_error("to", _("Somebody moved them meanwhile: they are in %(team)s now.") % {"team": team})
    elif form.is_valid():
        try:
            return _move(what, form, by)
        except Refused as refusal:
            form.add_error("to", str(refusal))
            is_there = not isinstance(refusal, Stale)
    response = show(request, "people/move.html", form, what=what, is_team=isinstance(what, Team))
    if form.is_bound and not is_there:
        response.status_code = 409
    return response


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """What happened to the structure, in words, the newest first."""
    member_of_staff(request)
    events = Event.objects.filter(verb__in=list(SENTENCES)).select_related("actor")
    page = keyset(events, column="at", cursor=request.GET.get("cursor"))
    days: list[tuple[date, list[Happening]]] = []
    for happening in said(page.rows):
        day = timezone.localdate(happening.event.at)
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(happening)
    return show(request, "people/history.html", days=days, page=page, today=timezone.localdate())


def _move(what: Membership | Team, form: MoveForm, by: User) -> HttpResponse:
    to, reason, was = (form.cleaned_data[name] for name in ("to", "reason", "was"))
    if isinstance(what, Team):
        moved: Team | Membership = move_team(what, to=to, by=by, was=was, reason=reason)
        root = f"team-{moved.pk}"
    else:
        moved = move_member(what, to=to, by=by, reason=reason)
        root = f"user-{moved.user_id}"
    event = Event.objects.filter(root=root, verb__in=MOVES).latest("id")
    return redirect(f"{reverse('team')}?moved={event.pk}#team-{to.pk}")


def _moving(sent: QueryDict) -> tuple[Membership | Team, bool]:
    """Who or what is to be moved, and whether they are still where they were seen.

    Raises Http404, and Refused for somebody who is in no team in that role any more.
    """
    if team := _number(sent.get("team")):
        below = Team.objects.filter(parent__isnull=False, retired_at=None).select_related("parent")
        return get_object_or_404(below, pk=team), True
    number = _number(sent.get("membership"))
    held = Membership.objects.select_related("user", "team")
    if number is None:
        raise Http404
    if row := held.filter(pk=number).first():
        return row, True
    former = get_object_or_404(FormerMembership.objects.select_related("user"), number=number)
    row = held.filter(user=former.user_id, role=former.role).order_by("-since", "-pk").first()
    if row is None:
        raise Refused(_("Somebody took %(name)s out of the team meanwhile.") % {"name": former.user})
    return row, False


def _just_moved(request: HttpRequest, by: User) -> dict[str, object] | None:
    """What the reader has moved a moment ago, in words, and what takes it back."""
    number = _number(request.GET.get("moved"))
    since = timezone.now() - UNDONE_WITHIN
    event = (
        Event.objects.filter(pk=number, actor=by, verb__in=MOVES, at__gt=since).select_related("actor").first()
        if number
        else None
    )
    if event is None:
        return None
    particulars = event.particulars
    team = event.subject.removeprefix("team-") if event.verb == "team.moved" else ""
    return {
        "sentence": said([event])[0].sentence,
        "team": team,
        "membership": particulars.get("membership", ""),
        "was": particulars["after"],
        "to": particulars["before"],
    }


def _number(text: str | None) -> int | None:
    """A row's number out of an address or a form; none where it is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _day(text: str) -> date | None:
    """Raises nothing: what is no date, or has not come yet, is none."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and date(1970, 1, 1) <= day <= timezone.localdate() else None


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
