"""Beside a conversation: mail with third parties, links with others, and who follows it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.desk.actions.asides import close_aside, open_aside, write_aside
from answerable.desk.actions.following import follow, unfollow
from answerable.desk.actions.links import link, link_again, unlink
from answerable.desk.errors import Refused
from answerable.desk.forms.asides import AsideForm, AsideReplyForm, LinkForm
from answerable.desk.models import Conversation, Draft, Kind, Link
from answerable.desk.timeline import timeline
from answerable.desk.views.conversations import after_change
from answerable.desk.views.door import StaffRequest, first_error, may_handle, staff, visible
from answerable.desk.views.inbox import panel
from answerable.desk.views.moved import until_it_moves

WHOLE = Conversation.objects.select_related("contact", "team")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new_aside(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask somebody else about a conversation."""
    found = visible(request, pk, WHOLE)
    if not may_handle(request.user, found):
        raise PermissionDenied
    form = AsideForm(initial={"subject": found.subject})
    if request.method == "POST":
        form = AsideForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                aside = open_aside(found, **form.cleaned_data, by=request.user)
                return redirect(f"{reverse('conversation', args=[pk])}?aside={aside.pk}#aside-{aside.pk}")
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"form": form, "conversation": found} | panel(request.user, None)
    return render(request, "desk/new_aside.html", context, status=422 if form.errors else 200)


@require_safe
@staff
@until_it_moves()
def aside(request: StaffRequest, pk: int) -> HttpResponse:
    """The thread with a third party, to be put into the page of the conversation it is about."""
    found = visible(request, pk, WHOLE.exclude(beside=None))
    if not request.htmx:
        return redirect(f"{reverse('conversation', args=[found.beside_id])}?aside={pk}#aside-{pk}")
    return _thread(request, found)


@require_POST
@staff
def aside_messages(request: StaffRequest, pk: int) -> HttpResponse:
    """Write to them again. Refused, the words stay."""
    found = visible(request, pk, WHOLE.exclude(beside=None))
    form = AsideReplyForm(request.POST, request.FILES)
    problem = first_error(form)
    if not problem:
        try:
            write_aside(found, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            problem = str(refusal)
    if problem and request.htmx:
        return _thread(request, found, problem=problem, typed=request.POST.get("text", ""))
    if problem:
        raise Refused(problem)
    if not request.htmx:
        return redirect(f"{reverse('conversation', args=[found.beside_id])}?aside={pk}#aside-{pk}")
    return _thread(request, visible(request, pk, WHOLE), is_sent=True)


@require_POST
@staff
def aside_closure(request: StaffRequest, pk: int) -> HttpResponse:
    """Nothing more is waited for from them."""
    found = visible(request, pk, WHOLE.exclude(beside=None))
    close_aside(found, by=request.user)
    return _thread(request, visible(request, pk, WHOLE)) if request.htmx else redirect("conversation", found.beside_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def links(request: StaffRequest, pk: int) -> HttpResponse:
    """Link it with another one."""
    found = visible(request, pk, WHOLE)
    if not may_handle(request.user, found):
        raise PermissionDenied
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        other = Conversation.objects.visible_to(request.user).filter(pk=number).first()
        if other is None:
            form.add_error("number", _("There is no conversation #%(number)s that you see.") % {"number": number})
        else:
            try:
                row = link(found, to=other, kind=form.cleaned_data["kind"], by=request.user)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                said = _("It is linked with #%(number)s.") % {"number": number}
                messages.success(request, said, extra_tags=reverse("unlinking", args=[row.pk]))
                return redirect("conversation", pk)
    context = {"form": form, "conversation": found} | panel(request.user, None)
    return render(request, "desk/link.html", context, status=422 if form.errors else 200)


@require_POST
@staff
def unlinking(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a link away, or, where it was taken away, make it again."""
    teams = request.user.team_ids
    row = get_object_or_404(Link.objects.filter(source__team__in=teams, target__team__in=teams), pk=pk)
    asked = request.POST.get("here") or request.GET.get("here")
    came_from = row.target_id if asked == str(row.target_id) else row.source_id
    if row.removed_at is None:
        unlink(row, by=request.user)
        messages.success(
            request, _("The link is gone."), extra_tags=f"{reverse('unlinking', args=[pk])}?here={came_from}"
        )
    else:
        link_again(row, by=request.user)
        messages.success(request, _("It is as it was before."))
    here = reverse("conversation", args=[came_from])
    return HttpResponse(status=204, headers={"HX-Redirect": here}) if request.htmx else redirect(here)


@require_POST
@staff
def following(request: StaffRequest, pk: int) -> HttpResponse:
    """Hear of each new message (`to=1`), or no longer."""
    found = visible(request, pk)
    (follow if request.POST.get("to") else unfollow)(found, by=request.user)
    return after_change(request, found)


def _thread(
    request: StaffRequest, found: Conversation, *, problem: str = "", typed: str = "", is_sent: bool = False
) -> HttpResponse:
    """The box keeps what is typed in it, whatever comes in meanwhile, until that `is_sent`."""
    draft = Draft.objects.filter(conversation=found, user=request.user, kind=Kind.OUTBOUND).first()
    context = {
        "aside": found,
        "timeline": timeline(found, request.user),
        "conversation": found,
        "may_handle": may_handle(request.user, found),
        "problem": problem,
        "typed": typed or (draft.text if draft else ""),
        "is_sent": is_sent,
    }
    return render(request, "desk/aside.html", context)
