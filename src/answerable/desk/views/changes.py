"""What can be changed about one conversation. POST to the noun."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from answerable.desk.actions.conversations import (
    assign,
    move,
    set_copied,
    set_priority,
    set_status,
    set_tags,
    snooze,
    wake,
)
from answerable.desk.forms.changes import AssignmentForm, PriorityForm, SnoozeForm, StatusForm, TagsForm, TeamForm
from answerable.desk.forms.writing import CopiesForm
from answerable.desk.models import Conversation
from answerable.desk.views.conversations import after_change
from answerable.desk.views.door import StaffRequest, checked, staff, visible
from answerable.people.models import Team, User

MOST_CHOICES = 300


@require_POST
@staff
def assignment(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    to = checked(AssignmentForm(request.POST))["to"]
    return after_change(request, assign(found, to=to, by=request.user))


@require_safe
@staff
def assignees(request: StaffRequest, pk: int) -> HttpResponse:
    """Who it can be assigned to: those who handle conversations in its team."""
    found = visible(request, pk, Conversation.objects.select_related("team"))
    return render(
        request,
        "desk/assignees.html",
        {"conversation": found, "people": User.objects.handling(found.team)[:MOST_CHOICES]},
    )


@require_POST
@staff
def team(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    to = checked(TeamForm(request.POST))["to"]
    return after_change(request, move(found, to=to, by=request.user))


@require_safe
@staff
def teams(request: StaffRequest, pk: int) -> HttpResponse:
    """Where it can be moved to: any team, also one whose conversations the user doesn't see."""
    found = visible(request, pk)
    places = Team.objects.filter(retired_at=None).exclude(pk=found.team_id)[:MOST_CHOICES]
    return render(request, "desk/teams.html", {"conversation": found, "teams": places})


@require_POST
@staff
def status(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    to = checked(StatusForm(request.POST))["to"]
    return after_change(request, set_status(found, to=to, by=request.user))


@require_POST
@staff
def priority(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    to = checked(PriorityForm(request.POST))["to"]
    return after_change(request, set_priority(found, to=to, by=request.user))


@require_POST
@staff
def tags(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    wanted = checked(TagsForm(request.POST))["tags"]
    return after_change(request, set_tags(found, tags=wanted, by=request.user))


@require_POST
@staff
def snoozing(request: StaffRequest, pk: int) -> HttpResponse:
    """Put aside until a time; without one, back into the queues."""
    found = visible(request, pk)
    form = SnoozeForm(request.POST)
    checked(form)
    until = form.moment()
    changed = snooze(found, until=until, by=request.user) if until else wake(found, by=request.user)
    return after_change(request, changed)


@require_POST
@staff
def copies(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    to = checked(CopiesForm(request.POST))["copied"]
    return after_change(request, set_copied(found, to=to, by=request.user))
