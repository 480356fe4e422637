"""Conversations put together and taken apart, and all of that undone."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.splitting import move, split
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.entries import in_short
from answerable.desk.errors import Refused
from answerable.desk.forms.rearranging import MergeForm, SplitForm
from answerable.desk.merges import chosen, offered, plan
from answerable.desk.models import Conversation, Message, Rearrangement
from answerable.desk.views.door import StaffRequest, first_error, may_handle, staff, visible
from answerable.desk.views.inbox import panel
from answerable.web.numbers import key_in

MOST_SHOWN = 200
LONGEST_QUERY = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def merging(request: StaffRequest) -> HttpResponse:
    """Find what belongs to it (`?ids=`, `?q=`), look at what a merge means, then merge."""
    numbers = _numbers(request.GET.getlist("ids") if request.method != "POST" else request.POST.getlist("ids"))
    found = chosen(request.user, numbers)
    if not found:
        raise Http404
    if not all(may_handle(request.user, each) for each in found):
        raise PermissionDenied
    problem = ""
    if request.method == "POST":
        form = MergeForm(request.POST)
        try:
            if form.is_valid():
                return _merge(request, found, form.cleaned_data["keep"])
            problem = first_error(form)
        except Refused as refusal:
            problem = str(refusal)
    text = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST_QUERY]
    keep = _numbers([request.POST.get("keep", "")])
    context = {
        "plan": plan(found, keep[0] if keep else None),
        "offered": offered(request.user, found, text),
        "query": text,
        "problem": problem,
    }
    return render(request, "desk/merging.html", context | panel(request.user, None), status=422 if problem else 200)


def _merge(request: StaffRequest, found: Sequence[Conversation], keep: int) -> HttpResponse:
    kept = next((each for each in found if each.pk == keep), None)
    if kept is None:
        raise Refused(_("Choose which one stays."))
    done = merge(kept, absorb=[each for each in found if each.pk != keep], by=request.user)
    words = ngettext(
        "%(count)s conversation was merged into this one.",
        "%(count)s conversations were merged into this one.",
        len(done),
    )
    return _to(request, kept.pk, words % {"count": len(done)}, done)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def splitting(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose messages, and where they belong: a conversation of their own, or another there is."""
    found = visible(request, pk, Conversation.objects.select_related("contact", "team"))
    if not may_handle(request.user, found):
        raise PermissionDenied
    form = SplitForm(request.POST) if request.method == "POST" else SplitForm()
    if request.method == "POST" and form.is_valid():
        try:
            return _split(request, found, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    rows = Message.objects.filter(conversation=found).exclude(delivery__state="undone").order_by("-id")
    shown = list(rows.defer("html").select_related("contact", "user")[:MOST_SHOWN])
    picked = _numbers(request.POST.getlist("messages") or request.GET.getlist("messages"))
    context = {
        "conversation": found,
        "lines": [(one, in_short(one), one.pk in picked) for one in reversed(shown)],
        "form": form,
        "problem": first_error(form) if form.errors else "",
        "offered": offered(request.user, [found], ""),
    }
    return render(
        request, "desk/splitting.html", context | panel(request.user, None), status=422 if form.errors else 200
    )


def _split(request: StaffRequest, found: Conversation, given: dict[str, Any]) -> HttpResponse:
    if given["where"] == "new":
        row = split(found, messages=given["messages"], subject=given["subject"], by=request.user)
        return _to(
            request, row.target_id, _("This conversation was split off from #%(number)s.") % {"number": found.pk}, [row]
        )
    to = Conversation.objects.visible_to(request.user).filter(pk=given["number"]).first()
    if to is None:
        raise Refused(_("There is no conversation #%(number)s that you see.") % {"number": given["number"]})
    row = move(found, messages=given["messages"], to=to, by=request.user)
    count = len(given["messages"])
    words = ngettext(
        "%(count)s message was moved here from #%(number)s.",
        "%(count)s messages were moved here from #%(number)s.",
        count,
    )
    return _to(request, to.pk, words % {"count": count, "number": found.pk}, [row])


@require_POST
@staff
def rearrangement_undoing(request: StaffRequest) -> HttpResponse:
    """Put back what was merged, split off or moved (`?ids=`), the last one first."""
    numbers = _numbers(request.GET.get("ids", "").split(","))
    rows = list(Rearrangement.objects.visible_to(request.user).filter(pk__in=numbers).order_by("-pk"))
    if not rows:
        raise Http404
    for row in rows:
        undo(row, by=request.user)
    messages.success(request, _("It is as it was before."))
    there = rows[-1].source_id if rows[-1].kind == Rearrangement.Kind.SPLIT else rows[-1].target_id
    path = reverse("conversation", args=[there])
    return HttpResponse(status=204, headers={"HX-Redirect": path}) if request.htmx else redirect(path)


def _to(request: StaffRequest, pk: int, words: str, rows: Sequence[Rearrangement]) -> HttpResponse:
    """The conversation where the messages are now, and one click to undo it."""
    undo_url = f"{reverse('rearrangement_undoing')}?ids={','.join(str(row.pk) for row in rows)}"
    messages.success(request, words, extra_tags=undo_url)
    return redirect("conversation", pk)


def _numbers(given: Sequence[str]) -> list[int]:
    """Whole numbers that a row can have; others are left out."""
    return [number for each in given if (number := key_in(each)) is not None]
