"""Settings: the checklists that are put on conversations."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.desk.actions.checklists import WRITERS, retire_checklist, write_checklist
from answerable.desk.forms.tasks import ChecklistForm
from answerable.desk.models import Checklist, Inbox
from answerable.desk.views.door import StaffRequest, staff
from answerable.people.models import Team, User


@require_safe
@staff
def checklists(request: StaffRequest) -> HttpResponse:
    """All that the user's teams have, by name."""
    rows = _visible(request.user).select_related("team").prefetch_related("inboxes").order_by("name", "id")
    context = {
        "checklists": [(row, _may_write(request.user, row.team_id)) for row in rows[:1000]],
        "may_add": request.user.holds(*WRITERS),
    }
    return render(request, "desk/checklists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new_checklist(request: StaffRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def checklist(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(_visible(request.user), pk=pk))


@require_POST
@staff
def retirement(request: StaffRequest, pk: int) -> HttpResponse:
    """Put nowhere any more; what stands in conversations stays."""
    retire_checklist(get_object_or_404(_visible(request.user), pk=pk), by=request.user)
    messages.success(request, _("Retired. The tasks that stand in conversations stay."))
    return redirect("settings-checklists")


def _edit(request: StaffRequest, row: Checklist | None) -> HttpResponse:
    user = request.user
    if not user.holds(*WRITERS) or (row is not None and not _may_write(user, row.team_id)):
        raise PermissionDenied
    led = frozenset().union(*(user.roles.get(role, frozenset()) for role in WRITERS))
    form = ChecklistForm(
        request.POST if request.method == "POST" else None,
        teams=Team.objects.filter(pk__in=led, retired_at=None),
        for_all=user.is_administrator,
        inboxes=Inbox.objects.filter(team__in=led, retired_at=None),
        row=row,
    )
    if form.is_valid():
        write_checklist(**form.cleaned_data, checklist=row, by=user)
        messages.success(request, _("Saved."))
        return redirect("settings-checklists")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/checklist.html", {"form": form, "checklist": row}, status=status)


def _visible(user: User) -> "QuerySet[Checklist]":
    return Checklist.objects.filter(Q(team=None) | Q(team__in=user.team_ids), retired_at=None)


def _may_write(user: User, team_id: int | None) -> bool:
    return user.is_administrator if team_id is None else user.holds(*WRITERS, team_id=team_id)
