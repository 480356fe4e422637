"""What a team is there for. It stands with the customers, since a team may own a segment of theirs."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from answerable.customers.forms.charge import ChargeForm, initial_of
from answerable.people.actions.charges import charge_team, charges_of, revision_of
from answerable.people.errors import Refused, Stale
from answerable.people.models import Team
from answerable.people.permissions import may_manage
from answerable.people.views.door import member_of_staff, posted, show


@require_http_methods(["GET", "POST"])
def charge(request: HttpRequest, pk: int) -> HttpResponse:
    """What the team is told by, and the channels, segments and skills it answers for."""
    by = member_of_staff(request)
    team = get_object_or_404(Team.objects.visible_to(by).filter(retired_at=None), pk=pk)
    if not may_manage(by, team):
        raise PermissionDenied
    revision, now = revision_of(team), charges_of(team)
    initial = {"revision": revision, "organised_by": team.organised_by, **initial_of(now)}
    form = ChargeForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            charge_team(
                team,
                organised_by=form.cleaned_data["organised_by"],
                charges=form.charges(),
                by=by,
                revision=form.cleaned_data["revision"],
            )
        except Stale as stale:
            return _overtaken(request, team, form, initial, str(stale))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('team')}#team-{team.pk}")
    return show(request, "customers/charge.html", form, team=team)


def _overtaken(
    request: HttpRequest, team: Team, form: ChargeForm, initial: Mapping[str, Any], words: str
) -> HttpResponse:
    """The form with what was chosen, and beside it what stands now; sent again, it is saved over that."""
    data = request.POST.copy()
    data["revision"] = str(initial["revision"])
    again = ChargeForm(data, initial=dict(initial))
    again.is_valid()
    for name in ("organised_by", "channels", "segments", "skills"):
        if again.cleaned_data.get(name) != initial[name]:
            again.add_error(name, _("Now: %(value)s") % {"value": _said(form, name, initial[name])})
    again.add_error(None, words)
    response = show(request, "customers/charge.html", again, team=team)
    response.status_code = 409
    return response


def _said(form: ChargeForm, name: str, value: object) -> str:
    labels = {str(key): str(label) for key, label in form.fields[name].choices}  # type: ignore[attr-defined]
    keys = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(str(key), str(key)) for key in keys) or "–"
