"""The page of what went wrong, and its status: whether the fault is ours, or the database is away for a moment."""

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string

from answerable.site.refusal import is_away

RETRY_SECONDS = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database does not answer, which proxies and programs take for what it is; else 500."""
    page = render_to_string("500.html")
    error = sys.exception()
    if error is not None and is_away(error):
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    return HttpResponseServerError(page)
