"""A reader without a name: a number in a cookie, made when they first say whether an article helped."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

COOKIE = "reader"
SALT = "answerable.knowledge.reader"
KEPT_SECONDS = 365 * 24 * 3600
PATH = "/help/"


def reader_of(request: HttpRequest) -> UUID | None:
    """None for who has never said anything, or whose cookie is not ours."""
    try:
        return UUID(request.get_signed_cookie(COOKIE, "", salt=SALT))
    except (BadSignature, ValueError):
        return None


def remember(response: HttpResponse, reader: UUID) -> None:
    response.set_signed_cookie(
        COOKIE,
        str(reader),
        salt=SALT,
        max_age=KEPT_SECONDS,
        path=PATH,
        secure=settings.BEHIND_TLS,
        httponly=True,
        samesite="Lax",
    )
