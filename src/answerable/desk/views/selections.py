"""The same for many conversations at once."""

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from answerable.desk.actions.batches import MOST, begin_batch, is_few, tally, work_on
from answerable.desk.bulk import CHANGES, change_of, kept, label_of
from answerable.desk.errors import Refused
from answerable.desk.find import find
from answerable.desk.forms.changes import SelectionForm
from answerable.desk.jobs import work_on_batch
from answerable.desk.models import Batch, BatchItem, Conversation
from answerable.desk.queues import queue_of
from answerable.desk.views import changes as one
from answerable.desk.views.door import StaffRequest, checked, staff
from answerable.people.models import Team, User
from answerable.web.words import reader

UNDO_SECONDS = 20
"""How long the button to undo stays on the page; afterwards it is with what was done."""


@require_POST
@staff
def changes(request: StaffRequest) -> HttpResponse:
    """Do one thing to many conversations, each for itself: a few at once, saying what was done, what was refused and
    why; more in the worker, with a page that shows how far it is."""
    chosen = checked(SelectionForm(request.POST))
    change = chosen["change"]
    given = checked(CHANGES[change][0](request.POST))
    asked = _matching(request.user, chosen["queue"], chosen["q"]) if chosen["all"] else chosen["ids"]
    found = list(Conversation.objects.visible_to(request.user).filter(pk__in=asked).values_list("pk", flat=True))
    if not found:
        return _few(request, None, len(asked))
    how = {"change": change, "given": kept(change, request.POST, given), "label": label_of(change, given)}
    with transaction.atomic():
        batch = begin_batch(found, **how, by=request.user)
        if at_once := is_few(batch):
            work_on(batch, change_of(batch))
        else:
            work_on_batch.later(batch_id=batch.pk)
    if at_once:
        return _few(request, batch, len(asked) - len(found))
    there = reverse("batch", args=[batch.pk])
    return HttpResponse(status=204, headers={"HX-Redirect": there}) if request.htmx else redirect(there)


@require_safe
@staff
def matching(request: StaffRequest) -> HttpResponse:
    """How many stand in a queue, or hold these words, as far as they can be changed at once; in words."""
    count = len(_matching(request.user, request.GET.get("queue", ""), request.GET.get("q", ""), more=1))
    if count > MOST:
        words = _("The first %(most)s of them selected") % {"most": reader().number(MOST)}
    else:
        words = ngettext("All %(count)s selected", "All %(count)s selected", count) % {"count": reader().number(count)}
    return JsonResponse({"count": min(count, MOST), "words": words})


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


def _matching(user: User, key: str, words: str, *, more: int = 0) -> list[int]:
    """Those of a queue in its order, or with these words, the newest first: MOST and `more`."""
    if text := words.replace("\0", " ").strip():
        return find(text, teams=sorted(user.team_ids), limit=MOST + more)
    queue = queue_of(key, user)
    if queue is None:
        raise Refused(_("There is no such queue."))
    sign = "" if queue.ascending else "-"
    ordered = queue.rows(user).order_by(f"{sign}{queue.column}", f"{sign}pk")
    return list(ordered.values_list("pk", flat=True)[: MOST + more])


def _few(request: StaffRequest, batch: Batch | None, missing: int) -> HttpResponse:
    counted = tally(batch) if batch else {}
    done = counted.get("done", 0) + counted.get("same", 0)
    refused = BatchItem.objects.filter(batch=batch, outcome=BatchItem.Outcome.REFUSED).select_related("conversation")
    refusals = [(item.conversation, item.reason) for item in refused.order_by("id")] if counted.get("refused") else []
    context = {"done": done, "refusals": refusals, "missing": missing, "text": _said(done), "batch": batch}
    page = "desk/selection_result.html" if request.htmx else "desk/selection_page.html"
    response = render(request, page, context)
    if batch and counted.get("done"):
        offered = {"text": _said(done), "url": reverse("batch_undo", args=[batch.pk]), "seconds": UNDO_SECONDS}
        return trigger_client_event(response, "undo", offered)
    if request.htmx and not refusals and not missing:
        return trigger_client_event(response, "toast", {"text": _said(done), "tone": "good"})
    return response


def _said(done: int) -> str:
    return ngettext("%(count)s conversation changed.", "%(count)s conversations changed.", done) % {
        "count": reader().number(done)
    }
