"""What is being typed, and the files that wait with it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from answerable.desk.actions.drafts import drop_file, keep_draft
from answerable.desk.forms.writing import DraftForm
from answerable.desk.models import Attachment
from answerable.desk.views.door import StaffRequest, checked, staff, visible


@require_POST
@staff
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible(request, pk)
    given = checked(DraftForm(request.POST))
    keep_draft(found, kind=given["kind"], text=given["text"], seen_event=given["seen_event"], by=request.user)
    return HttpResponse(status=204)


@require_POST
@staff
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """A file goes no longer with the draft."""
    found = get_object_or_404(Attachment.objects.filter(draft__user=request.user), pk=pk)
    drop_file(found, by=request.user)
    return HttpResponse()
