"""What is found by words."""

from datetime import datetime
from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from answerable.desk.rows import Row, of_words
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
    before = cast("tuple[datetime, int]", (place.value, place.key)) if place else None
    rows = of_words(text, request.user, before=before)
    last = rows[-1] if len(rows) == PAGE else None
    return Page(rows, Cursor(last.last_message_at, last.pk).seal(SALT) if last else None, None)
