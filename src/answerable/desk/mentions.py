"""Colleagues named in notes: written as `@name@example.com`, read as `@Name`."""

import re
from collections.abc import Iterable, Mapping

from answerable.people.models import User

MENTION = re.compile(r"@([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")


def mentioned(text: str) -> list[User]:
    """Colleagues whom the text names and who are still here."""
    addresses = _addresses([text])
    return list(User.objects.active().filter(email__in=addresses)) if addresses else []


def names_in(texts: Iterable[str]) -> dict[str, str]:
    """Addresses that the texts name, with the names of whose they are or were. A query where there is one."""
    addresses = _addresses(texts)
    if not addresses:
        return {}  # as on nearly every page: writing the query would take longer than most of what they draw
    return dict(User.objects.filter(email__in=addresses).exclude(name="").values_list("email", "name"))


def by_name(text: str, names: Mapping[str, str]) -> str:
    """The text with names in the places of the addresses that `names` knows."""
    return MENTION.sub(lambda found: f"@{names.get(found[1].lower(), found[1])}", text) if names else text


def _addresses(texts: Iterable[str]) -> set[str]:
    return {found.lower() for text in texts for found in MENTION.findall(text)}
