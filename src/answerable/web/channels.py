"""What channels are called, and how they are drawn: those of the product here, messengers by their own names."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

NAMES = {
    "email": _("E-mail"),
    "form": _("Web form"),
    "chat": _("Live chat"),
    "phone": _("Telephone"),
    "api": _("API"),
}
ICONS = {"email": "mail", "form": "globe", "chat": "message-circle", "phone": "phone", "api": "plug"}
MESSENGER = "messages-square"


def channel_names() -> dict[str, str]:
    """Key -> name in the reader's language, of every channel there may be."""
    return {key: str(name) for key, name in NAMES.items()} | messenger_names()


def channel_name(key: str) -> str:
    """Its key where it has no name."""
    return channel_names().get(key, key)


def channel_icon(key: str) -> str:
    return ICONS.get(key, MESSENGER)


@cache
def messenger_names() -> dict[str, str]:
    """Of channels that have a name of their own, the same in every language: see settings.CHANNELS."""
    found = {key: import_string(path) for key, path in settings.CHANNELS.items() if key not in NAMES}
    return {key: str(adapter.title) for key, adapter in found.items()}
