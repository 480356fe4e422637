"""Who asks: the token in `Authorization: Bearer`, and how often it may."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.api.models import Token
from answerable.api.problems import Problem
from answerable.api.secrets import PREFIX, digest_of
from answerable.events.prepared import ask
from answerable.people.models.user import ROLES
from answerable.web.standing import Given, Standing

REQUESTS: Final = 600
WINDOW_SECONDS: Final = 60
NOTED_EVERY: Final = timedelta(minutes=1)
BEARER: Final = re.compile(rf"Bearer +({PREFIX}[A-Za-z0-9_-]{{1,200}})", re.ASCII | re.IGNORECASE)
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="Answerable"'}
FOUND = Standing(
    lambda: (
        Token.objects.select_related("user")
        .annotate(held=RawSQL(ROLES, (), models.JSONField()))  # noqa: S611 (a constant)
        .filter(digest=Given("digest"))
    )
)
WINDOW: Final = f"interval '{WINDOW_SECONDS} s'"
# The database's clock is the same for all processes.
COUNT: Final = f"""
INSERT INTO api_usage AS kept (token_id, began_at, count) VALUES (%s, statement_timestamp(), 1)
ON CONFLICT (token_id) DO UPDATE SET
    count = CASE WHEN kept.began_at > excluded.began_at - {WINDOW} THEN kept.count + 1 ELSE 1 END,
    began_at = CASE WHEN kept.began_at > excluded.began_at - {WINDOW} THEN kept.began_at ELSE excluded.began_at END
RETURNING count, ceil(extract(epoch FROM began_at + {WINDOW} - statement_timestamp()))::int
"""  # noqa: S608 (constants)


@dataclass(frozen=True)
class Allowance:
    """What is left of a token's minute."""

    count: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(REQUESTS),
            "RateLimit-Remaining": str(max(0, REQUESTS - self.count)),
            "RateLimit-Reset": str(self.seconds),
        }


def token_of(authorization: str) -> Token:
    """The token, with its owner and their roles: one query, by an index. Raises Problem (401)."""
    if not authorization:
        raise Problem("unauthorised", _("Send a token: Authorization: Bearer ans_..."), headers=CHALLENGE)
    given = BEARER.fullmatch(authorization.strip())
    token = FOUND.first(digest=digest_of(given[1])) if given else None
    if token is None or not token.is_good:
        headers = {"WWW-Authenticate": f'{CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'}
        raise Problem("unauthorised", _("This token is unknown, revoked or expired."), headers=headers)
    token.user.know_roles(vars(token)["held"])  # as FOUND annotates it
    return token


def counted(token: Token) -> Allowance:
    """One more request of its minute. Raises Problem (429) where it has had all of them."""
    [(count, seconds)] = ask(COUNT, [token.pk])
    allowance = Allowance(count, max(1, seconds))
    if count > REQUESTS:
        detail = _("This token has had its %(most)s requests of this minute.") % {"most": REQUESTS}
        raise Problem("too-many-requests", detail, headers=allowance.headers | {"Retry-After": str(allowance.seconds)})
    return allowance


def note_use(token: Token, at: datetime | None = None) -> None:
    """That it is in use: once a minute."""
    at = at or timezone.now()
    if token.last_used_at is None or token.last_used_at < at - NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=at)
