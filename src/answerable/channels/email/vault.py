"""Passwords of other servers, encrypted at rest with a key that is not in the database."""

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _


class Locked(Exception):
    """A password was sealed with another server's key."""


def seal(password: str) -> str:
    return Fernet(settings.SECRETS.vault).encrypt(password.encode()).decode() if password else ""


def unseal(sealed: str) -> str:
    """Raises Locked where this server's key does not fit, as after restoring without its secrets."""
    if not sealed:
        return ""
    try:
        return Fernet(settings.SECRETS.vault).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Locked(_("This password was saved by a server with another key. Enter it again.")) from None
