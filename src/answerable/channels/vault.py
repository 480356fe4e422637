"""Passwords of other servers, encrypted at rest with a key that is not in the database."""

from base64 import b64encode

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


def concealed(text: str, name: str, sealed: str) -> str:
    """The text without the password, plain or as SMTP says it (RFC 4616): some servers repeat what they were told."""
    try:
        password = unseal(sealed)
    except Locked:
        return text
    said = (f"\0{name}\0{password}", password)
    for secret in (*(b64encode(each.encode()).decode() for each in said), password) if password else ():
        text = text.replace(secret, "…")
    return text
