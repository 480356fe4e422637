"""Queues, lists and their counts."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from answerable.desk import snoozes
from answerable.desk.details import shown_fields
from answerable.desk.forms.changes import SETTABLE
from answerable.desk.models import Conversation, Inbox, Priority
from answerable.desk.queues import MINE, MOST_COUNTED, QUEUES, UNASSIGNED, Queue, counts, queue_of
from answerable.desk.rows import of_queue
from answerable.desk.saved import Saved, count_again, known_counts
from answerable.desk.views.door import StaffRequest, staff
from answerable.people.models import User
from answerable.web.numbers import key_in


@require_safe
@staff
def start(request: StaffRequest) -> HttpResponse:
    """The page to begin at: what is mine, or, while nothing is, what nobody has yet."""
    chosen = MINE if MINE.rows(request.user).exists() else UNASSIGNED
    return redirect("queue", chosen.key)


@require_safe
@staff
def inbox(request: StaffRequest, queue: str = MINE.key) -> HttpResponse:
    """A queue: the whole page, or its list alone where that is refetched."""
    chosen = queue_of(queue, request.user)
    if chosen is None:
        raise Http404(_("There is no such queue."))
    is_whole = not request.htmx
    around = panel(request.user, chosen) if is_whole else {}  # first: whatever happens after it is heard of
    context = around | listing(request, chosen)
    if is_whole:
        response = render(request, "desk/inbox.html", context)
    elif request.htmx.target == "list":
        response = render(request, "desk/list.html", context)
    else:
        response = render(request, "desk/list_pane.html", context | {"heading": "h2"})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
@staff
def queue_counts(request: StaffRequest) -> HttpResponse:
    """The queues with their counts, for refreshing them in place; those made of conditions are counted here."""
    current = queue_of(request.GET.get("queue", ""), request.user)
    return render(request, "desk/queues.html", panel(request.user, current, counting=True))


def listing(request: StaffRequest, queue: Queue | Saved) -> dict[str, Any]:
    page = of_queue(queue, request.user, request.GET.get("cursor"))
    first_time = not page.rows and queue is UNASSIGNED and not Conversation.objects.exists()
    return {
        "queue": queue,
        "page": page,
        "open_pk": key_in(request.GET.get("open", "")),
        "shown": shown_fields(queue.columns, page.rows) if isinstance(queue, Saved) and queue.columns else None,
        "first_inbox": _first_inbox(request.user) if first_time else None,
    } | tools()


def tools() -> dict[str, Any]:
    """What can be chosen for the selected rows."""
    return {
        "statuses": SETTABLE,
        "priorities": Priority.choices,
        "snoozes": snoozes.choices(timezone.now()),
    }


def _first_inbox(user: User) -> Inbox | None:
    return Inbox.objects.filter(team_id__in=user.team_ids, retired_at=None).order_by("id").first()


def panel(user: User, current: Queue | Saved | None, *, counting: bool = False) -> dict[str, Any]:
    """The queues at the left: how many stand in each, and how many notices are unread. Those made of conditions are
    counted only where one is `counting`: a page shows what is known, and has the rest come later."""
    counted = counts(user)
    tally = tuple(_said(counted.queues.get(queue.key, 0)) for queue in QUEUES)
    if counting:
        count_again(counted.saved, user, counted.last_event, MOST_COUNTED)
    known, is_right = known_counts(counted.saved, user, counted.last_event)
    here = current.key if current else ""
    return {
        "queues": [(queue, count, queue is current) for queue, count in zip(QUEUES, tally, strict=True)],
        "tally": tally,
        "saved": tuple(
            (one.key, one.icon, one.name, _said(known.get(one.pk, 0)), one.key == here) for one in counted.saved
        ),
        "recount": "" if is_right else "later" if counting else "now",
        "queue": current,
        "unread": _said(counted.unread),
        "to_read": counted.to_read,
        "to_review": counted.to_review,
        "tasks_to_do": _said(counted.tasks),
        "live_since": counted.last_event,
    }


def _said(count: int) -> str:
    """0 is not said at all."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
