"""Signed links: who holds one may say yes or no to one test, and nothing else. They are good while the test goes on."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from answerable.policy.models import PilotCustomer

SALT = "answerable.policy.pilot"


class LinkUnknown(Exception):
    """Not a link we made, or one that was cut on its way."""


def token_of(customer_id: int) -> str:
    """Always the same, so that a mail is the same however often it is tried."""
    return signing.Signer(salt=SALT).sign(str(customer_id))


def customer_of(token: str) -> PilotCustomer:
    """Raises LinkUnknown."""
    try:
        pk = int(signing.Signer(salt=SALT).unsign(token))
        return PilotCustomer.objects.select_related("contact__merged_into", "pilot__version", "pilot__control").get(
            pk=pk
        )
    except (signing.BadSignature, PilotCustomer.DoesNotExist):
        raise LinkUnknown from None


def consent_url(customer_id: int) -> str:
    """The address in a mail."""
    return f"{settings.SITE_URL}{reverse('pilot_consent', args=[token_of(customer_id)])}"
