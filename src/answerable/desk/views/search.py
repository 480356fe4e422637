"""What is found by words."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from answerable.desk.models import Conversation
from answerable.desk.rows import Row, for_list, made
from answerable.desk.views.door import StaffRequest, staff
from answerable.desk.views.inbox import panel, tools
from answerable.web.pager import Cursor, Page

LONGEST_QUERY = 200
SALT = "desk.search"
PAGE = 50


@require_safe
@staff
def search(request: StaffRequest) -> HttpResponse:
    """Conversations with every word of `?q=` that the user may see, newest first."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST_QUERY]
    context = {"query": text, "page": _page(request, text)} | tools()
    if request.htmx and request.htmx.target == "list":
        response = render(request, "desk/found.html", context)
    else:
        response = render(request, "desk/search.html", context | panel(request.user, None))
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _page(request: StaffRequest, text: str) -> Page[Row]:
    if not text:
        return Page([], None, None)
    sealed = request.GET.get("cursor")
    place = Cursor.open(sealed, SALT) if sealed else None
    before = (place.value, place.key) if place else None
    rows = made(for_list(Conversation.objects.search(text, request.user, before=before)))  # type: ignore[arg-type]
    last = rows[-1] if len(rows) == PAGE else None
    return Page(rows, Cursor(last.last_message_at, last.pk).seal(SALT) if last else None, None)
