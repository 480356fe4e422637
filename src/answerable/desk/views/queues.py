"""Queues of conditions: whose they are, and what they ask for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.desk.actions.queues import WRITERS, may_write, raise_queue, retire_queue, write_queue
from answerable.desk.errors import Refused
from answerable.desk.forms.queues import QueueForm
from answerable.desk.models import Field, SavedQueue
from answerable.desk.saved import saved_of
from answerable.desk.views.door import StaffRequest, staff
from answerable.people.models import Team, User


@require_safe
@staff
def queues(request: StaffRequest) -> HttpResponse:
    """All that the user sees, with what each shows first, and who may change it."""
    numbers = [one.pk for one in saved_of(request.user)]
    rows = SavedQueue.objects.filter(pk__in=numbers).select_related("team").in_bulk()
    found = [rows[pk] for pk in numbers]
    writable = []
    for row, above in zip(found, [None, *found], strict=False):
        may_rise = above is not None and above.team_id == row.team_id
        writable.append((row, may_write(request.user, row), may_rise))
    return render(request, "desk/saved_queues.html", {"queues": writable})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new_queue(request: StaffRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def queue(request: StaffRequest, pk: int) -> HttpResponse:
    """One of them, by whoever may write it; who may not is shown its list."""
    found = _seen(request.user, pk)
    return _edit(request, found) if may_write(request.user, found) else redirect("queue", f"saved-{pk}")


@require_POST
@staff
def place(request: StaffRequest, pk: int) -> HttpResponse:
    """One up."""
    raise_queue(_seen(request.user, pk), by=request.user)
    return redirect("settings-queues")


@require_POST
@staff
def retirement(request: StaffRequest, pk: int) -> HttpResponse:
    """Shown no longer."""
    retire_queue(_seen(request.user, pk), by=request.user)
    messages.success(request, _("Retired. The conversations in it stay where they are."))
    return redirect("settings-queues")


def _seen(user: User, pk: int) -> SavedQueue:
    """Or 404."""
    numbers = [one.pk for one in saved_of(user)]
    return get_object_or_404(SavedQueue.objects.filter(pk__in=numbers).select_related("team"), pk=pk)


def _edit(request: StaffRequest, row: SavedQueue | None) -> HttpResponse:
    user = request.user
    led = frozenset().union(*(user.roles.get(role, frozenset()) for role in WRITERS))
    teams = Team.objects.filter(pk__in=led, retired_at=None)
    posted = request.POST if request.method == "POST" else None
    form = QueueForm(posted, reader=user, teams=teams, queue=row, fields=list(Field.objects.current()))
    if form.is_valid():
        given = form.cleaned_data
        try:
            saved = write_queue(
                name=given["name"],
                team=teams.get(pk=given["team"]) if given["team"] else None,
                conditions=form.conditions,
                order=given["order"],
                columns=given.get("columns", ()),
                queue=row,
                revision=given["revision"],
                by=user,
            )
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("queue", f"saved-{saved.pk}")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/saved_queue.html", {"form": form, "queue_row": row}, status=status)
