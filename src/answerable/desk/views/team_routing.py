"""How a team's conversations find somebody: read by those who see the team, changed by its leads."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from answerable.desk.actions.team_routing import change_routing, revision_of, routing_of
from answerable.desk.forms.routing import RoutingForm, initial_of
from answerable.desk.models import Conversation, Inbox
from answerable.desk.routing.expected import CHECKED, expected
from answerable.desk.routing.line import waiting
from answerable.desk.routing.people import loads, offered_to
from answerable.desk.routing.told import Those, tallies
from answerable.desk.routing.words import checked_words, evidence_words, told_words, wait_words
from answerable.people.errors import Refused, Stale
from answerable.people.models import Team, User
from answerable.people.permissions import may_manage
from answerable.people.views.door import member_of_staff, posted

RULE = ("is_automatic", "most_live", "most_written", "overflow_to", "overflow_minutes")


@require_http_methods(["GET", "POST"])
def team_routing(request: HttpRequest, pk: int) -> HttpResponse:
    """The team's rule, who is there now, and how long its customers wait."""
    by = member_of_staff(request)
    team = get_object_or_404(Team.objects.visible_to(by).filter(retired_at=None), pk=pk)
    may_change = may_manage(by, team)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    inboxes = list(Inbox.objects.filter(team=team, retired_at=None))
    initial = {"revision": revision_of(team), **initial_of(routing_of(team), inboxes)}
    form = RoutingForm(posted(request), initial=initial, team=team, inboxes=inboxes)
    if form.is_valid():
        given = form.cleaned_data
        try:
            rule = {name: given[name] for name in RULE}
            change_routing(team, **rule, skills=form.skills(), by=by, revision=given["revision"])
        except Stale as stale:
            return _overtaken(request, team, form, initial, str(stale))
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("team-routing", pk)
    return _page(request, team, form, may_change=may_change, status=422 if form.errors else 200)


def _page(request: HttpRequest, team: Team, form: RoutingForm, *, may_change: bool, status: int = 200) -> HttpResponse:
    people = list(offered_to([team]))
    load = loads(people)
    staff = User.objects.filter(pk__in=people).select_related("attendance").order_by("name", "pk")
    now = timezone.now()
    _before, tally = tallies(Those([team.pk], now - CHECKED, now, {}), now - CHECKED)
    found = expected(team, now)
    context = {
        "told": told_words(tally.accuracy, tally.settled) if tally.accuracy else "",
        "expected": wait_words(found.wait),
        "evidence": [
            *([evidence_words(found.wait)] if found.wait else []),
            *([checked_words(found.accuracy)] if found.accuracy else []),
        ],
        "team": team,
        "form": form,
        "may_change": may_change,
        "people": [(person, load.get(person.pk, {})) for person in staff],
        "waiting": waiting(Conversation.objects.filter(team=team)).count(),
    }
    return render(request, "desk/team_routing.html", context, status=status)


def _overtaken(
    request: HttpRequest, team: Team, form: RoutingForm, initial: Mapping[str, Any], words: str
) -> HttpResponse:
    """The form with what was chosen, and beside it what stands now; sent again, it is saved over that."""
    data = request.POST.copy()
    data["revision"] = str(initial["revision"])
    again = RoutingForm(data, initial=dict(initial), team=team, inboxes=form.inboxes)
    again.is_valid()
    for name in RULE:
        given, stands = again.cleaned_data.get(name), initial[name]
        if getattr(given, "pk", given) != stands:
            now = Team.objects.filter(pk=stands).first() if name == "overflow_to" and stands else stands
            again.add_error(name, _("Now: %(value)s") % {"value": _said(now)})
    again.add_error(None, words)
    return _page(request, team, again, may_change=True, status=409)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value is None else str(value)
