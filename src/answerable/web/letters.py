"""Requests in letters we can keep."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Letters:
    """Forgets cookies with a NUL, which a quoted one can hold (RFC 2109): no browser was given such a one by us, and
    PostgreSQL, asked for the session of that name, answers with an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\0" in name + value]:
            del request.COOKIES[name]
        return self.get_response(request)
