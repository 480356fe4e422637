"""How customers come to their requests: by a link in a mail, then by a cookie of that page."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from answerable.customers.models import Contact

SALT = "answerable.form.requests"
GOOD_FOR = timedelta(days=30)
COOKIE = "requests"
STAYS = timedelta(days=14)
_RENAMED = Contact.objects.select_related("merged_into")


class LinkTooOld(Exception):
    """The link was ours, but its time is over."""


class LinkUnknown(Exception):
    """Not a link we made, or one that was cut on its way."""


def entrance_url(contact: Contact) -> str:
    """The address in a mail to them alone: whoever holds it is let in."""
    token = signing.dumps(contact.pk, salt=SALT)
    return settings.SITE_URL + reverse("requests_entrance", args=[token])


def who_enters(token: str) -> Contact:
    """Whose link it is. Raises LinkTooOld and LinkUnknown."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired:
        raise LinkTooOld from None
    except signing.BadSignature:
        raise LinkUnknown from None
    contact = _contact(pk)
    if contact is None:
        raise LinkUnknown
    return contact


def remember(response: HttpResponse, contact: Contact) -> None:
    """From now on this browser is theirs, for the pages of requests."""
    response.set_signed_cookie(
        COOKIE,
        str(contact.pk),
        salt=SALT,
        max_age=STAYS,
        path=reverse("requests"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("requests"), samesite="Lax")


def reader_of(request: HttpRequest) -> Contact | None:
    """Who has entered by a link, in this browser, not too long ago."""
    pk = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=STAYS)
    return _contact(int(pk)) if pk else None


def _contact(pk: int) -> Contact | None:
    """Who that is by now: they may have been found to be somebody else we know."""
    contact = _RENAMED.filter(pk=pk).first()
    while contact is not None and contact.merged_into is not None:
        contact = _RENAMED.get(pk=contact.merged_into.pk)
    return contact
