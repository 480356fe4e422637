"""HTTP to the servers of messengers: where an administrator said that they are, else on the open Internet only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext as _

from answerable.channels.instant.models import Gateway
from answerable.channels.vault import Locked
from answerable.events.jobs import Later, Never
from answerable.web import outward

TIMEOUT_SECONDS = 20.0
LARGEST_ANSWER = 4 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What a server said: its status, headers by names in lower case, and the body, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The object that the body is; empty where it is none."""
        try:
            said = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}


def ask(
    gateway: Gateway,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    said: object = None,
    body: bytes | None = None,
    most: int = LARGEST_ANSWER,
    timeout: float = TIMEOUT_SECONDS,
) -> Answer:
    """One request; `said` is sent as JSON. The gateway's own server may be anywhere, any other must be public.

    Raises Later where nobody answers; Never where it may not be asked, or answers with more than `most` bytes.
    """
    sent = dict(headers or {})
    if said is not None:
        body, sent["Content-Type"] = json.dumps(said).encode(), "application/json"
    if query:
        url += ("&" if "?" in url else "?") + urlencode(query)
    try:
        answer = outward.request(
            method, url, body=body, headers=sent, timeout=timeout, most_bytes=most, named={_place(gateway.base_url)}
        )
    except outward.Unreachable as error:
        raise Later(str(error)) from error
    except outward.Forbidden as error:
        raise Never(str(error)) from error
    if answer.is_cut:
        raise Never(_("It is larger than what is taken here."))
    return Answer(answer.status, answer.headers, answer.body)


def secrets_of(gateway: Gateway) -> dict[str, str]:
    """What it is entered with. Raises Later where this server's key does not fit: an administrator can mend that."""
    try:
        return gateway.secrets
    except Locked as error:
        raise Later(str(error)) from error


def wait_asked(answer: Answer) -> timedelta | None:
    """What a server that wants to be left alone says in Retry-After, in seconds (RFC 9110, 10.2.3)."""
    wanted = answer.headers.get("retry-after", "")
    return timedelta(seconds=min(int(wanted), 3600)) if wanted.isascii() and wanted.isdigit() else None


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or outward.DEFAULT_PORTS.get(parts.scheme, 443)}"
