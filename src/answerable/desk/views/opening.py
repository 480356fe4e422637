"""A conversation begun by an agent."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from answerable.desk.actions.deliveries import addresses_of
from answerable.desk.actions.opening import write_first
from answerable.desk.errors import Refused
from answerable.desk.forms.writing import OpeningForm, inboxes_of
from answerable.desk.models import Conversation
from answerable.desk.views.door import StaffRequest, staff, visible
from answerable.desk.views.inbox import panel
from answerable.people.models import Role
from answerable.web.numbers import key_in


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new_conversation(request: StaffRequest) -> HttpResponse:
    roles = request.user.roles
    teams = frozenset().union(*(roles.get(role, frozenset()) for role in (Role.ADMINISTRATOR, Role.LEAD, Role.AGENT)))
    if not teams:
        raise PermissionDenied
    follows = _followed(request)
    if request.method != "POST":
        form = OpeningForm(teams=teams, initial={"to": request.GET.get("to", "")[:320]} | _initial(follows))
    else:
        form = OpeningForm(request.POST, request.FILES, teams=teams)
        if form.is_valid():
            try:
                return redirect("conversation", write_first(**form.cleaned_data, by=request.user, follows=follows).pk)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"form": form, "follows": follows, "has_inbox": inboxes_of(teams).exists()} | panel(request.user, None)
    return render(request, "desk/new_conversation.html", context, status=422 if form.errors else 200)


def _followed(request: StaffRequest) -> Conversation | None:
    """The one that `?follows=` names, if the user sees it."""
    number = key_in(request.GET.get("follows", ""))
    return None if number is None else visible(request, number)


def _initial(follows: Conversation | None) -> dict[str, object]:
    if follows is None:
        return {}
    address = next(iter(addresses_of(follows)), "")
    return {"to": address, "subject": follows.subject, "inbox": follows.inbox_id}
