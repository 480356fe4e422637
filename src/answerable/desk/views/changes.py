"""What can be changed about one conversation. POST to the noun; a GET lists what can be chosen."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from answerable.desk.actions.conversations import (
    assign,
    move,
    set_copied,
    set_language,
    set_priority,
    set_status,
    set_tags,
)
from answerable.desk.bulk import put_aside, say_spam
from answerable.desk.forms.changes import (
    AssignmentForm,
    LanguageForm,
    PriorityForm,
    SnoozeForm,
    SpamForm,
    StatusForm,
    TagsForm,
    TeamForm,
)
from answerable.desk.forms.writing import CopiesForm
from answerable.desk.marks import pilot_mark
from answerable.desk.models import Conversation
from answerable.desk.tags import tags_in_use
from answerable.desk.views.conversations import after_change
from answerable.desk.views.door import StaffRequest, checked, staff, visible
from answerable.people.models import Team, User

MOST_CHOICES = 300
Change = Callable[[Conversation, dict[str, Any], User], Conversation]
"""Does to the conversation what a form of it holds, for that user."""


CHANGES: Mapping[str, tuple[type[BaseForm], Change]] = {
    "assignment": (AssignmentForm, lambda found, given, by: assign(found, to=given["to"], by=by)),
    "team": (TeamForm, lambda found, given, by: move(found, to=given["to"], by=by)),
    "status": (StatusForm, lambda found, given, by: set_status(found, to=given["to"], by=by)),
    "priority": (PriorityForm, lambda found, given, by: set_priority(found, to=given["to"], by=by)),
    "language": (LanguageForm, lambda found, given, by: set_language(found, to=given["to"], by=by)),
    "tags": (TagsForm, lambda found, given, by: set_tags(found, tags=given["tags"], by=by)),
    "copies": (CopiesForm, lambda found, given, by: set_copied(found, to=given["copied"], by=by)),
    "snooze": (SnoozeForm, put_aside),
    "spam": (SpamForm, say_spam),
}


@require_POST
@staff
def change(request: StaffRequest, pk: int, noun: str) -> HttpResponse:
    """Change the noun; answers with the conversation as it is then."""
    found = visible(request, pk)
    form, act = CHANGES[noun]
    changed = act(found, checked(form(request.POST)), request.user)
    response = after_change(request, changed)
    if noun == "spam" and changed.spam_at:
        undo = {"text": _("It is marked as spam."), "url": reverse("spam", args=[pk])}
        return trigger_client_event(response, "undo", undo)
    return response


@require_safe
@staff
def assignees(request: StaffRequest, pk: int) -> HttpResponse:
    """Who it can be assigned to: those who handle conversations in its team."""
    found = visible(request, pk, Conversation.objects.select_related("team"))
    return render(
        request,
        "desk/assignees.html",
        {
            "conversation": found,
            "people": User.objects.handling(found.team).select_related("attendance")[:MOST_CHOICES],
            "pilot": pilot_mark(found),
        },
    )


@require_safe
@staff
def tags(request: StaffRequest) -> HttpResponse:
    """Tags that the user's teams use, to be put on a conversation."""
    return render(request, "desk/tag_options.html", {"tags": tags_in_use(request.user.team_ids)})


@require_safe
@staff
def teams(request: StaffRequest, pk: int) -> HttpResponse:
    """Where it can be moved to: any team, also one whose conversations the user doesn't see."""
    found = visible(request, pk)
    places = Team.objects.filter(retired_at=None).exclude(pk=found.team_id)[:MOST_CHOICES]
    return render(request, "desk/teams.html", {"conversation": found, "teams": places})
