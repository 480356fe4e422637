"""Which of a homeserver's users are ours: the one of the chosen name, and those that begin with it and a hyphen."""

import re

from answerable.channels.instant.models import Gateway

LOCALPART = re.compile(r"[a-z0-9._=/+-]{1,60}")
"""Characters of a user's name (spec.matrix.org, Appendices, User Identifiers)."""


def main_user(gateway: Gateway) -> str:
    """Of the service itself."""
    return f"@{gateway.facts['localpart']}:{gateway.facts['domain']}"


def is_ours(gateway: Gateway, user: str) -> bool:
    return re.fullmatch(namespace(gateway), user) is not None


def namespace(gateway: Gateway) -> str:
    """A regular expression of our users, as the homeserver reads it."""
    local, domain = re.escape(gateway.facts["localpart"]), re.escape(gateway.facts["domain"])
    return f"@{local}(-[a-z0-9._=/+-]+)?:{domain}"
