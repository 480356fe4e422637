"""Signed links: who holds one may rate that conversation, and nothing else."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from answerable.feedback.models import Invitation

SALT = "answerable.feedback.rating"
GOOD_FOR = timedelta(days=60)


class LinkTooOld(Exception):
    """The link was ours, but its time is over."""


class LinkUnknown(Exception):
    """Not a link we made, or one that was cut on its way."""


def token_of(invitation: Invitation) -> str:
    return signing.dumps(invitation.pk, salt=SALT)


def invitation_of(token: str) -> Invitation:
    """Raises LinkTooOld and LinkUnknown."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
        return Invitation.objects.select_related("conversation", "contact", "agent").get(pk=pk)
    except signing.SignatureExpired:
        raise LinkTooOld from None
    except (signing.BadSignature, Invitation.DoesNotExist):
        raise LinkUnknown from None


def rating_url(invitation: Invitation, score: int | None = None, *, token: str = "") -> str:
    """The address in the mail: the page, or the page with a score chosen. `token`: its token, where one is at hand."""
    token = token or token_of(invitation)
    path = reverse("rating", args=[token]) if score is None else reverse("rating_of", args=[token, score])
    return f"{settings.SITE_URL}{path}"
