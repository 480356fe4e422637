"""Tokens are made by those who use them, and revoked by them or by administrators."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.api.models import Token
from answerable.api.scopes import SCOPES
from answerable.api.secrets import ENDING, digest_of, new_secret
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User

MOST = 50
"""Tokens in use that one person may have."""


def make_token(*, name: str, scopes: Collection[str], expires_at: datetime | None, by: User) -> tuple[Token, str]:
    """A token of their own, and its secret, which nobody can be told again."""
    if not by.is_active:
        raise PermissionDenied
    chosen = [scope for scope in SCOPES if scope in scopes]
    if not chosen:
        raise Refused(_("Choose at least one thing that it may do."), field="scopes")
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused(_("Choose a day to come."), field="expires_on")
    secret = new_secret()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if Token.objects.in_use().filter(user=by).count() >= MOST:
            raise Refused(_("You have %(most)s tokens already. Revoke those that nobody uses.") % {"most": MOST})
        token = Token.objects.create(
            user=by,
            name=name,
            digest=digest_of(secret),
            ending=secret[-ENDING:],
            scopes=chosen,
            expires_at=expires_at,
        )
        record("token.made", subject=token, root=by, by=by, name=name, scopes=chosen)
    return token, secret


def revoke_token(token: Token, *, by: User) -> Token:
    """From now on it opens nothing. Its row stays, so that one sees what there was."""
    if by.pk != token.user_id and not by.is_administrator:
        raise PermissionDenied
    with transaction.atomic():
        row = Token.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = timezone.now(), by
            row.save(update_fields=["revoked_at", "revoked_by"])
            record("token.revoked", subject=row, root=row.user, by=by, name=row.name)
    return row
