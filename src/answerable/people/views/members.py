"""Who is in a team, and as what."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from answerable.people.actions.memberships import grant, withdraw
from answerable.people.errors import Refused
from answerable.people.forms.teams import MemberForm
from answerable.people.models import Membership, Team
from answerable.people.permissions import roles_to_give
from answerable.people.views.door import member_of_staff, refusals_told
from answerable.people.views.teams import show_team, visible_team


@require_POST
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Add somebody to a team."""
    team, person = visible_team(request, pk), member_of_staff(request)
    form = MemberForm(request.POST, roles=roles_to_give(person, team))
    if not form.is_valid():
        response = show_team(request, team, member_form=form)
        response.status_code = 422
        return response
    try:
        grant(to=form.cleaned_data["user"], team=team, role=form.cleaned_data["role"], by=person)
    except Refused as refusal:
        form.add_error("user", str(refusal))
        response = show_team(request, team, member_form=form)
        response.status_code = 422
        return response
    messages.success(request, _("%(name)s is in the team.") % {"name": form.cleaned_data["user"]})
    return redirect("team-page", pk)


@require_POST
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody's role away."""
    person = member_of_staff(request)
    visible = Membership.objects.filter(team__in=Team.objects.visible_to(person))
    membership = get_object_or_404(visible.select_related("team", "user"), pk=pk)
    with refusals_told(request):
        withdraw(membership, by=person)
        messages.success(request, _("The role is withdrawn."))
    return redirect("team-page", membership.team_id)
