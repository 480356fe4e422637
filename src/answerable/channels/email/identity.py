"""Who we are in mail: the marks by which our own messages, and the answers to them, are known again."""

import base64
import hmac
from hashlib import sha256

from django.conf import settings

from answerable.channels.email.addressing import Signer


def signer(domain: str = "localhost") -> Signer:
    """Makes and reads marks; what it makes ends in `domain`, what it reads may end in any."""
    return Signer(settings.SECRETS.address.encode(), domain)


def instance() -> str:
    """What the header X-Answerable-Instance of our mail says: the same as long as the keys are, and no secret."""
    digest = hmac.new(settings.SECRETS.address.encode(), b"instance", sha256).digest()
    return base64.b32encode(digest).decode().lower()[:20]
