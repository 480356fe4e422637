"""Requests in letters we can keep: UTF-8, and no NUL."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

NAMES = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1")


class Letters:
    """Refuses a body in another charset (415) and forgets cookies that no browser of ours was given.

    A charset is the sender's choice, and Python knows some that make bytes or half letters (`hex`, `utf-7`), which
    nothing behind this is prepared for; PostgreSQL keeps no NUL, which a quoted cookie can hold (RFC 2109).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in NAMES:
            return HttpResponse(_("Send it in UTF-8."), status=415, content_type="text/plain; charset=utf-8")
        request.encoding = "utf-8"
        for name in [name for name, value in request.COOKIES.items() if "\0" in name + value]:
            del request.COOKIES[name]
        return self.get_response(request)
