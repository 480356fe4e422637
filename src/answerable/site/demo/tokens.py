"""Programs that work here: tokens whose secrets nobody knows."""

from datetime import datetime, timedelta

from answerable.api.actions.tokens import make_token
from answerable.api.models import Token
from answerable.people.models import User

PROGRAMS = (
    ("Web shop", ("conversations:write", "contacts:read", "contacts:write"), timedelta(minutes=4)),
    ("Nightly export", ("conversations:read", "ratings:read", "events:read"), timedelta(hours=7)),
)


def let_programs_in(*, by: User, now: datetime) -> None:
    """Two of them, in use for a while."""
    for name, scopes, ago in PROGRAMS:
        token, _secret = make_token(name=name, scopes=scopes, expires_at=now + timedelta(days=180), by=by)
        Token.objects.filter(pk=token.pk).update(last_used_at=now - ago, created_at=now - timedelta(days=40))
