"""What is being typed, and the files that wait with it."""

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from answerable.desk.actions.drafts import drop_file, keep_draft, keep_picture
from answerable.desk.formatting import editable, text_of, written_by
from answerable.desk.forms.writing import DraftForm, PictureForm
from answerable.desk.models import Attachment, Conversation
from answerable.desk.views.door import StaffRequest, checked, staff, visible
from answerable.people.models import User
from answerable.web.drafts import Elsewhere, not_kept, saved_now


@require_POST
@staff
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    form = DraftForm(request.POST)
    given = checked(form)
    formatted = written_by(found, request.user, given["html"]) if given["html"].strip() else None
    text = text_of(formatted) if formatted else given["text"]
    html = formatted.html if formatted else ""
    seen = given["seen_event"]
    try:
        keep_draft(
            found,
            kind=given["kind"],
            text=text,
            html=html,
            envelope=form.envelope,
            seen_event=seen,
            page=form.page,
            by=request.user,
        )
    except Elsewhere as other:
        return not_kept(other.text, editable(other.html, _pictures(found, request.user)) if other.html else "")
    return saved_now()


def _pictures(conversation: Conversation, user: User) -> "QuerySet[Attachment]":
    """Those of what they are writing."""
    return Attachment.objects.filter(draft__conversation=conversation, draft__user=user)


@require_POST
@staff
def picture(request: StaffRequest, pk: int) -> HttpResponse:
    """A picture for the answer that is being written; where it can be looked at."""
    found = visible(request, pk)
    given = checked(PictureForm(request.POST, request.FILES))
    kept = keep_picture(found, picture=given["picture"], by=request.user)
    return JsonResponse({"url": reverse("inline_image", args=[kept.pk])}, status=201)


@require_POST
@staff
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """A file goes no longer with the draft."""
    found = get_object_or_404(Attachment.objects.filter(draft__user=request.user), pk=pk)
    drop_file(found, by=request.user)
    return HttpResponse()
