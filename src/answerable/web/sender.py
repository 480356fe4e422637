"""Whom customers see their mail come from, where it is this server that writes and no inbox."""

from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings


def called(name: str) -> str:
    """This server's own address by the name that customers know."""
    return str(Address(" ".join(name.split()), addr_spec=parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
