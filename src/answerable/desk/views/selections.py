"""The same for many conversations at once."""

from collections.abc import Callable, Sequence

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from answerable.desk.actions.conversations import assign, move, set_priority, set_status, set_tags, snooze, wake
from answerable.desk.errors import Refused
from answerable.desk.forms.changes import SelectionForm, SnoozeForm
from answerable.desk.models import Conversation
from answerable.desk.views.door import StaffRequest, checked, staff
from answerable.people.models import User

Change = Callable[[Conversation], object]


@require_POST
@staff
def changes(request: StaffRequest) -> HttpResponse:
    """Do one thing to up to 500 conversations, each for itself; say what was done, what was refused and why."""
    selection = SelectionForm(request.POST)
    ids = checked(selection)["ids"]
    change = _change(selection.cleaned_data["change"], request)
    found = list(Conversation.objects.visible_to(request.user).filter(pk__in=ids).order_by("id"))
    refusals: list[tuple[Conversation, str]] = []
    for conversation in found:
        try:
            change(conversation)
        except Refused as refusal:
            refusals.append((conversation, str(refusal)))
        except PermissionDenied:
            refusals.append((conversation, _("You may read it, but not change it.")))
    done, missing = len(found) - len(refusals), len(ids) - len(found)
    context = {"done": done, "refusals": refusals, "missing": missing, "text": _said(done)}
    page = "desk/selection_result.html" if request.htmx else "desk/selection_page.html"
    response = render(request, page, context)
    if request.htmx and not refusals and not missing:
        return trigger_client_event(response, "toast", {"text": _said(done), "tone": "good"})
    return response


@require_safe
@staff
def assignees(request: StaffRequest) -> HttpResponse:
    """Colleagues that any of the user's conversations could be assigned to."""
    people = User.objects.active().in_teams(request.user.team_ids).order_by("name", "id")[:300]
    return render(request, "desk/selection_assignees.html", {"people": people})


def _change(name: str, request: StaffRequest) -> Change:
    form = SelectionForm.CHANGES[name](request.POST)
    given, by = checked(form), request.user

    def put_aside(conversation: Conversation) -> Conversation:
        assert isinstance(form, SnoozeForm)
        until = form.moment()
        return snooze(conversation, until=until, by=by) if until else wake(conversation, by=by)

    def add_tags(conversation: Conversation) -> Conversation:
        tags: Sequence[str] = [*conversation.tags, *given["tags"]]
        return set_tags(conversation, tags=tags, by=by)

    table: dict[str, Change] = {
        "assignment": lambda conversation: assign(conversation, to=given["to"], by=by),
        "team": lambda conversation: move(conversation, to=given["to"], by=by),
        "status": lambda conversation: set_status(conversation, to=given["to"], by=by),
        "priority": lambda conversation: set_priority(conversation, to=given["to"], by=by),
        "tags": add_tags,
        "snooze": put_aside,
    }
    return table[name]


def _said(done: int) -> str:
    return ngettext("%(count)s conversation changed.", "%(count)s conversations changed.", done) % {"count": done}
