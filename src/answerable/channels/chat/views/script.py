"""The program that pages load."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from answerable.channels.chat.models import Widget
from answerable.channels.chat.program import program

KEPT_SECONDS = 600


@login_not_required
@require_safe
def script(request: HttpRequest, key: str) -> HttpResponse:
    """The same for every chat: it takes the key out of its own address. One query."""
    get_object_or_404(Widget.objects.open(), key=key)
    found = program()
    if request.headers.get("If-None-Match") == found.etag:
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(found.compressed, content_type="text/javascript; charset=utf-8")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(found.plain, content_type="text/javascript; charset=utf-8")
    response.headers["ETag"] = found.etag
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
