"""The same for many conversations at once."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from answerable.desk.actions.conversations import add_tags
from answerable.desk.errors import Refused
from answerable.desk.forms.changes import NOUNS, SelectionForm, TagsForm
from answerable.desk.models import Conversation
from answerable.desk.views import changes as one
from answerable.desk.views.door import StaffRequest, checked, staff
from answerable.people.models import Team, User


def _add_tags(conversation: Conversation, given: dict[str, Any], by: User) -> Conversation:
    return add_tags(conversation, tags=given["tags"], by=by)


CHANGES = {noun: one.CHANGES[noun] for noun in NOUNS} | {"tags": (TagsForm, _add_tags)}
"""Where one conversation gets exactly these tags, many get them besides their own."""


@require_POST
@staff
def changes(request: StaffRequest) -> HttpResponse:
    """Do one thing to up to 500 conversations, each for itself; say what was done, what was refused and why."""
    selection = SelectionForm(request.POST)
    ids = checked(selection)["ids"]
    form, change = CHANGES[selection.cleaned_data["change"]]
    given = checked(form(request.POST))
    found = list(Conversation.objects.visible_to(request.user).filter(pk__in=ids).order_by("id"))
    refusals: list[tuple[Conversation, str]] = []
    for conversation in found:
        try:
            change(conversation, given, request.user)
        except Refused as refusal:
            refusals.append((conversation, str(refusal)))
        except PermissionDenied:
            refusals.append((conversation, _("You may read it, but not change it.")))
    done, missing = len(found) - len(refusals), len(ids) - len(found)
    context = {"done": done, "refusals": refusals, "missing": missing, "text": _said(done)}
    page = "desk/selection_result.html" if request.htmx else "desk/selection_page.html"
    response = render(request, page, context)
    if selection.cleaned_data["change"] == "spam" and given["to"] and done:
        refused = {each.pk for each, _reason in refusals}
        marked = [each.pk for each in found if each.spam_at is None and each.pk not in refused]  # as it was before
        values = {"ids": marked, "change": "spam"}
        if marked:
            return trigger_client_event(response, "undo", {"text": _said(done), "url": request.path, "values": values})
    if request.htmx and not refusals and not missing:
        return trigger_client_event(response, "toast", {"text": _said(done), "tone": "good"})
    return response


@require_safe
@staff
def assignees(request: StaffRequest) -> HttpResponse:
    """Colleagues that any of the user's conversations could be assigned to."""
    people = User.objects.active().in_teams(request.user.team_ids).order_by("name", "id")[: one.MOST_CHOICES]
    return render(request, "desk/selection_assignees.html", {"people": people})


@require_safe
@staff
def teams(request: StaffRequest) -> HttpResponse:
    """Every team that conversations can be moved to."""
    places = Team.objects.filter(retired_at=None)[: one.MOST_CHOICES]
    return render(request, "desk/selection_teams.html", {"teams": places})


def _said(done: int) -> str:
    return ngettext("%(count)s conversation changed.", "%(count)s conversations changed.", done) % {"count": done}
