"""Who a visitor is: by the secret of their browser, by a signature of the page's own server, or by a mailed code.

A site that knows its people signs `ID` and `ADDRESS`, the address in lower case, with the secret of the inbox's chat:

    hmac = hex(HMAC-SHA256(secret, ID + "\\n" + ADDRESS))

(RFC 2104; both parts as UTF-8; either may be empty, not both.) The secret is computed from this server's own and from
a number that rotating counts up, so that nothing of it stands in the database. An example is in docs/howto/chat.md.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from answerable.channels.chat.models import Widget

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 bytes by the browser's generator, as base64url (RFC 4648, 5) without padding."""
OLD_IS_GOOD_FOR = timedelta(days=1)
"""After a rotation: long enough to change it on the site."""
CODE_DIGITS = 6


def digest_of(secret: str) -> str:
    """What we keep of a browser's secret. It is long and random, so that a plain digest cannot be turned round."""
    return hashlib.sha256(secret.encode()).hexdigest()


def bearer(header: str) -> str | None:
    """The secret in an Authorization header (RFC 6750, 2.1); None where there is none of ours."""
    kind, _space, secret = header.strip().partition(" ")
    return secret if kind.lower() == "bearer" and SECRET.fullmatch(secret) else None


def identity_secret(widget: Widget, generation: int | None = None) -> str:
    """What the page's own server signs identities with; an earlier one by its number."""
    number = widget.identity_generation if generation is None else generation
    return salted_hmac("answerable.chat.identity", f"{widget.key}:{number}", algorithm="sha256").hexdigest()


def is_signed(widget: Widget, *, external_id: str, address: str, signature: str, now: datetime) -> bool:
    """Whether the page's own server says that this is who is there."""
    said = f"{external_id}\n{address.lower()}".encode()
    generations = [widget.identity_generation]
    if widget.rotated_at is not None and now - widget.rotated_at < OLD_IS_GOOD_FOR:
        generations.append(widget.identity_generation - 1)
    expected = [
        hmac.new(identity_secret(widget, number).encode(), said, hashlib.sha256).hexdigest() for number in generations
    ]
    return any(constant_time_compare(each, signature.strip().lower()) for each in expected)


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def code_digest(visitor: int, address: str, code: str) -> str:
    """What we keep of a code: of no use to whoever reads the database without this server's secret."""
    return salted_hmac("answerable.chat.code", f"{visitor}:{address}:{code}", algorithm="sha256").hexdigest()
