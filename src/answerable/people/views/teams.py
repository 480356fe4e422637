"""Teams: their tree, and one of them with its members."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.actions.teams import add_team, move_team, rename_team, retire_team, revive_team
from answerable.people.errors import Refused
from answerable.people.forms.teams import MemberForm, NewTeamForm, PlaceForm, TeamForm
from answerable.people.models import Team
from answerable.people.permissions import managed_by, may_manage, roles_to_give
from answerable.people.tree import inherited, tree
from answerable.people.views.door import member_of_staff, posted, refusals_told, show


def visible_team(request: HttpRequest, pk: int) -> Team:
    return get_object_or_404(Team.objects.visible_to(member_of_staff(request)).select_related("parent"), pk=pk)


@require_http_methods(["GET", "POST"])
def teams(request: HttpRequest) -> HttpResponse:
    """The tree of the teams one may see; a new one is posted here."""
    person = member_of_staff(request)
    parents = managed_by(person)
    form = NewTeamForm(posted(request), parents=parents) if parents else None
    if form is not None and form.is_valid():
        try:
            team = add_team(name=form.cleaned_data["name"], parent=form.cleaned_data["parent"], by=person)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("team-page", team.pk)
    return show(request, "people/teams.html", form, branches=tree(person))


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """A team with its members; its new name is posted here."""
    row = visible_team(request, pk)
    form = TeamForm(posted(request), initial={"name": row.name})
    if form.is_valid():
        try:
            rename_team(row, name=form.cleaned_data["name"], by=member_of_staff(request))
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("team-page", pk)
    return show_team(request, row, form=form)


def show_team(
    request: HttpRequest,
    team: Team,
    *,
    form: TeamForm | None = None,
    member_form: MemberForm | None = None,
    place_form: PlaceForm | None = None,
) -> HttpResponse:
    person = member_of_staff(request)
    places = managed_by(person).exclude(path__startswith=team.path)
    may_move = team.parent is not None and may_manage(person, team.parent)
    return show(
        request,
        "people/team.html",
        form or TeamForm(initial={"name": team.name}),
        team=team,
        members=team.memberships.select_related("user__attendance").order_by("role", "user__name", "user__email"),
        from_above=inherited(team),
        may_manage=may_manage(person, team),
        roles=roles_to_give(person, team),
        may_move=may_move,
        place_form=place_form
        or (PlaceForm(parents=places, initial={"parent": team.parent_id}) if may_move and places else None),
        member_form=member_form or MemberForm(roles=roles_to_give(person, team)),
    )


@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a team below another."""
    row = visible_team(request, pk)
    person = member_of_staff(request)
    form = PlaceForm(request.POST, parents=managed_by(person))
    if not form.is_valid():
        messages.error(request, _("Choose a team of yours to move it below."))
        return redirect("team-page", pk)
    try:
        move_team(row, to=form.cleaned_data["parent"], by=person)
    except Refused as refusal:
        form.add_error("parent", str(refusal))
        response = show_team(request, row, place_form=form)
        response.status_code = 422
        return response
    messages.success(request, _("Moved."))
    return redirect("team-page", pk)


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """POST retires a team, POST with `undo` takes it back into use."""
    row = visible_team(request, pk)
    action = revive_team if "undo" in request.POST else retire_team
    with refusals_told(request):
        action(row, by=member_of_staff(request))
    return redirect("team-page", pk)
