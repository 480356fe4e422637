"""Which state of a thing somebody has before them: optimistic locking by ETag and If-Match (RFC 9110, 13)."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from answerable.api.operations import Call
from answerable.api.problems import Problem


def as_json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def etag_of(body: Any) -> str:
    """Of what is shown: it changes whenever that does."""
    return f'"{hashlib.sha256(as_json(body)).hexdigest()[:32]}"'


def check_match(call: Call, shown: Callable[[], Any]) -> None:
    """Raises Problem (412) where who asks has named another state of it than the one shown now. Hold its row first."""
    named = call.if_match.strip()
    if not named or named == "*":
        return
    etag = etag_of(shown())
    if etag not in [each.strip() for each in named.split(",")]:
        raise Problem("changed", _("Read it again, then decide anew."), headers={"ETag": etag})
