"""The words that a messenger lets out where nothing else may leave."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from answerable.channels.instant.templates import send_template
from answerable.desk.views.conversations import after_change
from answerable.desk.views.door import StaffRequest, staff, visible


@require_POST
@staff
def template(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer with the words that the messenger has approved."""
    found = visible(request, pk)
    send_template(found, by=request.user)
    return after_change(request, found)
