"""Addresses that only the customer may use, such as the one that rates our answer: staff see them without their keys.

Who serves a customer also reads what was mailed to them, and what they quote of it; with the key in it, everybody could
rate their own work, or consent in a customer's name.
"""

import re
from functools import cache

from django.conf import settings


def sealed(text: str) -> str:
    """The words, or HTML, with a star for each letter of a key: as long as before, so that places in it hold."""
    return _keys().sub(lambda found: found[1] + "*" * (found.end() - found.end(1)), text)


@cache
def _keys() -> re.Pattern[str]:
    """A key is signed (django.core.signing): two or three words between colons. Mail servers that look at links before
    people do write the address into one of theirs, encoded once, or twice where two of them do."""
    slash, colon = "(?:/|%(?:25)*2F)", "(?::|%(?:25)*3A)"
    paths = "|".join(settings.SEALED_PATHS).replace("/", slash)
    return re.compile(rf"({slash}(?:{paths}){slash})[\w-]+(?:{colon}[\w-]+){{1,2}}", re.IGNORECASE)
