"""Files, handed out so that nothing in them can run here."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from answerable.desk.models import Attachment
from answerable.desk.views.door import StaffRequest, staff

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=86400, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_safe
@staff
def attachment(request: StaffRequest, pk: int) -> HttpResponse:
    """To be saved, never opened in place."""
    return handed_out(_visible(request, pk))


def handed_out(found: Attachment) -> HttpResponse:
    """The file to whoever has been found to be allowed to have it."""
    return _answer(found, "application/octet-stream", as_attachment=True)


@require_safe
@staff
def inline_image(request: StaffRequest, pk: int) -> HttpResponse:
    """A picture within a message; anything else is not found here."""
    found = _visible(request, pk)
    if not found.is_picture:
        raise Http404
    return _answer(found, found.content_type.lower(), as_attachment=False)


def _visible(request: StaffRequest, pk: int) -> Attachment:
    """Of a conversation the user sees, or of a draft of their own."""
    user = request.user
    mine = Q(message__conversation__team_id__in=user.team_ids) | Q(message=None, draft__user=user)
    return get_object_or_404(Attachment.objects.filter(mine).select_related("file"), pk=pk)


def _answer(found: Attachment, content_type: str, *, as_attachment: bool) -> HttpResponse:
    response = HttpResponse(bytes(found.file.content), content_type=content_type, headers=HEADERS)
    name = "".join(letter for letter in found.name if letter.isprintable()) or "file"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment, name) or "attachment"
    return response
