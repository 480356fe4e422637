"""What one has asked of many conversations: how far it is, what was refused, and the way back."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from answerable.desk.actions.batches import is_few, stop_batch, take_back, tally, undo_batch
from answerable.desk.jobs import work_on_batch
from answerable.desk.models import Batch, BatchItem, Conversation
from answerable.desk.views.door import StaffRequest, staff
from answerable.desk.views.inbox import panel
from answerable.web.pager import keyset
from answerable.web.words import reader

SHOWN = 100
REFUSED = (BatchItem.Outcome.REFUSED, BatchItem.Outcome.KEPT)


@require_safe
@staff
def batches(request: StaffRequest) -> HttpResponse:
    """The user's own, newest first."""
    page = keyset(Batch.objects.filter(user=request.user), column="created_at", cursor=request.GET.get("cursor"))
    return render(request, "desk/batches.html", {"page": page} | panel(request.user, None))


@require_safe
@staff
def batch(request: StaffRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    return render(request, "desk/batch.html", _told(request, found) | panel(request.user, None))


@require_safe
@staff
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far it is, asked every second while it goes on."""
    return render(request, "desk/batch_progress.html", _told(request, _own(request, pk)))


@require_POST
@staff
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    """What is done stays done."""
    stop_batch(_own(request, pk), by=request.user)
    return redirect("batch", pk)


@require_POST
@staff
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """All of it as it was before: a few at once, more in the worker."""
    found = _own(request, pk)
    with transaction.atomic():
        undo_batch(found, by=request.user)
        if is_short := is_few(found):
            take_back(found)
        else:
            work_on_batch.later(batch_id=found.pk)
    if not request.htmx:
        return redirect("batch", pk)
    counted = tally(found)
    if not is_short or counted.get("kept"):
        return HttpResponse(status=204, headers={"HX-Redirect": found.address})
    return trigger_client_event(HttpResponse(status=204), "toast", {"text": _("Undone."), "tone": "good"})


def _own(request: StaffRequest, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.filter(user=request.user), pk=pk)


def _told(request: StaffRequest, found: Batch) -> dict[str, Any]:
    counted = tally(found)
    total = sum(counted.values())
    is_way_back = found.undone_at is not None
    ahead = counted.get("done", 0) if is_way_back else counted.get("waiting", 0)
    back = sum(counted.get(each, 0) for each in ("done", "undone", "kept"))
    whole = back if is_way_back else total
    refused = found.items.filter(outcome__in=REFUSED)
    seen = Conversation.objects.visible_to(request.user)
    reasons = refused.values("reason").annotate(number=Count("pk"), first=Min("pk")).order_by("-number", "first")
    items = refused.filter(conversation__in=seen).select_related("conversation").order_by("id")[:SHOWN]
    return {
        "batch": found,
        "counted": counted,
        "total": total,
        "whole": whole,
        "so_far": whole - ahead,
        "so_far_words": far(whole - ahead, whole),
        "reasons": reasons[:20],
        "refusals": items,
    }


def far(so_far: int, whole: int) -> str:
    words = ngettext("%(so_far)s of %(n)s conversation", "%(so_far)s of %(n)s conversations", whole)
    return words % {"so_far": reader().number(so_far), "n": reader().number(whole)}
