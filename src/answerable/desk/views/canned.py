"""Texts used often: offered while writing, and kept by leads."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.desk.actions.canned import retire_canned_response, write_canned_response
from answerable.desk.canned import VALUES, offered
from answerable.desk.errors import Refused
from answerable.desk.forms.canned import CannedResponseForm
from answerable.desk.models import CannedResponse, Conversation
from answerable.desk.views.door import StaffRequest, may_handle, staff, visible
from answerable.desk.views.inbox import panel
from answerable.people.models import Role, Team, User

FIELDS = ("name", "team", "language", "text")
WRITERS = (Role.ADMINISTRATOR, Role.LEAD)


@require_safe
@staff
def for_conversation(request: StaffRequest, pk: int) -> HttpResponse:
    """Those that fit a conversation, filled in for it."""
    found = visible(request, pk, Conversation.objects.select_related("contact", "team"))
    if not may_handle(request.user, found):
        raise PermissionDenied
    return render(request, "desk/canned_options.html", {"responses": offered(found, request.user)})


@require_safe
@staff
def canned_responses(request: StaffRequest) -> HttpResponse:
    """All the user may use, by name."""
    rows = _visible(request.user).filter(retired_at=None).select_related("team").order_by("name", "id")
    context = {
        "responses": [(row, _may_write(request.user, row.team_id)) for row in rows[:1000]],
        "may_add": request.user.holds(*WRITERS),
        "on_canned": True,
    }
    return render(request, "desk/canned_responses.html", context | panel(request.user, None))


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new_canned_response(request: StaffRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def canned_response(request: StaffRequest, pk: int) -> HttpResponse:
    """One of them, to be written anew by those who may."""
    return _edit(request, get_object_or_404(_visible(request.user).filter(retired_at=None), pk=pk))


@require_POST
@staff
def retirement(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_visible(request.user), pk=pk)
    retire_canned_response(found, by=request.user)
    return redirect("settings-canned")


def _edit(request: StaffRequest, response: CannedResponse | None) -> HttpResponse:
    user = request.user
    if not user.holds(*WRITERS) or (response is not None and not _may_write(user, response.team_id)):
        raise PermissionDenied
    teams = Team.objects.filter(
        pk__in=frozenset().union(*(user.roles.get(role, frozenset()) for role in WRITERS)), retired_at=None
    )
    initial = {name: getattr(response, name) for name in FIELDS} if response else {}
    posted = request.POST if request.method == "POST" else None
    form = CannedResponseForm(posted, initial=initial, teams=teams, for_all=user.is_administrator)
    if request.method == "POST" and form.is_valid():
        try:
            write_canned_response(**form.cleaned_data, by=user, response=response)
            return redirect("settings-canned")
        except Refused as refusal:
            form.add_error("text", str(refusal))
    context = {"form": form, "response": response, "placeholders": list(VALUES), "on_canned": True}
    page = context | panel(user, None)
    return render(request, "desk/canned_response.html", page, status=422 if form.errors else 200)


def _visible(user: User) -> "QuerySet[CannedResponse]":
    return CannedResponse.objects.filter(Q(team=None) | Q(team_id__in=user.team_ids))


def _may_write(user: User, team_id: int | None) -> bool:
    return user.is_administrator if team_id is None else user.holds(*WRITERS, team_id=team_id)
