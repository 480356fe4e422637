"""Idempotency keys: a POST sent twice under one key is done once, and answered twice.

The key is claimed in the transaction of what the request does. Whoever comes at the same time waits for that
transaction; when it is lost, with the process or the machine, so is the claim, and the next one does the work.
"""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.api.models import Answered, Token
from answerable.api.problems import Problem
from answerable.events.prepared import ask

KEPT_FOR: Final = timedelta(hours=24)
KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
CLAIM: Final = """
INSERT INTO api_answered AS answered (token_id, key, digest, status, headers, body, created_at)
VALUES (%s, %s, %s, 0, '{}', '', %s)
ON CONFLICT (token_id, key) DO UPDATE
SET digest = excluded.digest, status = 0, headers = '{}', body = '', created_at = excluded.created_at
WHERE answered.created_at < %s
RETURNING id
"""


def digest_of(*parts: Any) -> str:
    """Of what a request asks for: alike where two ask for the same."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def claim(token: Token, key: str, digest: str) -> Answered | None:
    """What was answered under this key already; None: nothing, and now it is ours, until the transaction ends.

    Raises Problem where the key was used for something else.
    """
    if not KEY.fullmatch(key):
        place = ("Idempotency-Key", _("1 to 255 visible letters of ASCII."))
        raise Problem("invalid", _("The idempotency key can't be used."), errors=[place])
    now = timezone.now()
    if ask(CLAIM, [token.pk, key, digest, now, now - KEPT_FOR]):
        return None
    found = Answered.objects.get(token=token, key=key)
    if found.digest != digest:
        raise Problem("key-reused", _("Give every request a key of its own, and the same one only to repeat it."))
    return found


def keep(token: Token, key: str, *, status: int, headers: dict[str, str], body: str) -> None:
    """Write down what was answered."""
    Answered.objects.filter(token=token, key=key).update(status=status, headers=headers, body=body)


def forget_old(limit: int = 10_000) -> float | None:
    """Take away what is older than a day. Seconds until there is more to do; None when all is gone."""
    old = Answered.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).order_by("created_at")
    numbers = list(old.values_list("pk", flat=True)[:limit])
    Answered.objects.filter(pk__in=numbers).delete()
    return 0.0 if len(numbers) == limit else None
