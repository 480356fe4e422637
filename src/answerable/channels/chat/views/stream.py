"""What a browser asks before it opens the live stream from another site's page; the stream itself is events.live."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from answerable.channels.chat.views.door import Caller, for_pages


@for_pages("GET")
def _asked(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Only OPTIONS comes here (site/asgi.py)."""
    return HttpResponse(status=204)


@csrf_exempt
@login_not_required
def preflight(request: HttpRequest) -> HttpResponse:
    """Of the chat that `?key=` names."""
    return _asked(request, request.GET.get("key", "").replace("\0", ""))
