"""The rota's week, and what is done to a whole week."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from answerable.people.actions.patterns import lay_out_patterns
from answerable.people.actions.shifts import copy_week
from answerable.people.errors import Refused
from answerable.people.forms.shifts import CopyForm, LayOutForm
from answerable.people.models import Absence, SwapRequest
from answerable.people.on_now import on_now
from answerable.people.permissions import managed_by, may_manage
from answerable.people.views.door import refusals_told, show
from answerable.people.views.rota.asking import Asked, asked, back
from answerable.people.week import monday_of, week_of

WEEKS_AHEAD = 4


@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """A team's week: who works when, who is on now, what is promised."""
    here = asked(request)
    if here.team is None:
        return show(request, "people/rota/week.html", asked=here)
    now = timezone.now()
    shown = week_of(here.team, here.monday, zone=here.zone, reader=here.reader, now=now)
    below = [team.pk for team in here.teams if team.path.startswith(here.team.path)]
    return show(
        request,
        "people/rota/week.html",
        asked=here,
        week=shown,
        now=now,
        present=on_now(below, now),
        may_change=may_manage(here.reader, here.team),
        waiting=_waiting(here),
        before=here.query(week=shown.before),
        after=here.query(week=shown.after),
        current=here.query(week=None),
        other_zone=here.query(zone=None if here.by_company else "company"),
        lay_out=LayOutForm(initial={"until": shown.last + timedelta(weeks=WEEKS_AHEAD)}),
        copy=CopyForm(initial={"to": shown.monday + timedelta(weeks=1)}),
    )


def _waiting(here: Asked) -> dict[str, int]:
    """How many swaps and absences wait for the reader's word."""
    managed = managed_by(here.reader)
    swaps = SwapRequest.objects.going_on().filter(shift__begins_at__gt=timezone.now())
    absences = Absence.objects.filter(state=Absence.State.REQUESTED, ends_at__gt=timezone.now())
    theirs = absences.filter(user__memberships__team__in=managed).exclude(user=here.reader)
    mine = swaps.filter(state=SwapRequest.State.OFFERED, offered_to=here.reader)
    to_confirm = swaps.filter(state=SwapRequest.State.TAKEN, shift__team__in=managed)
    return {"absences": theirs.distinct().count(), "swaps": (mine | to_confirm).distinct().count()}


@require_POST
def layouts(request: HttpRequest) -> HttpResponse:
    """Lay the team's patterns out into shifts."""
    here, form = asked(request), LayOutForm(request.POST)
    if here.team is None or not form.is_valid():
        messages.error(request, _("Say until which day."))
        return back(request)
    with refusals_told(request):
        made, left_out = lay_out_patterns(
            here.team, since=timezone.localdate(), until=form.cleaned_data["until"], by=here.reader
        )
        _say(request, made, left_out)
    return back(request)


@require_POST
def copies(request: HttpRequest) -> HttpResponse:
    """Copy the week that is shown to another."""
    here, form = asked(request), CopyForm(request.POST)
    if here.team is None or not form.is_valid():
        messages.error(request, _("Say to which week."))
        return back(request)
    to = monday_of(form.cleaned_data["to"].isoformat(), today=here.monday)
    try:
        _say(request, *copy_week(here.team, monday=here.monday, to=to, by=here.reader))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back(request)
    return back(request, week=to)


def _say(request: HttpRequest, made: int, left_out: int) -> None:
    said = ngettext("%(count)s shift was laid out.", "%(count)s shifts were laid out.", made) % {"count": made}
    if left_out:
        said += " " + ngettext(
            "%(count)s was not: its owner is away or works then.",
            "%(count)s were not: their owners are away or work then.",
            left_out,
        ) % {"count": left_out}
    messages.success(request, said)
