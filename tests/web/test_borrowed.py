"""Texts of others in our catalogues: they work only while they are, letter by letter, what the others say."""

from pathlib import Path

import allauth
import django
import pytest
from babel.messages.pofile import read_po
from django.utils.translation import override

from answerable.web import borrowed

DJANGO, ALLAUTH = Path(django.__file__).parent, Path(allauth.__file__).parent
COMPLETE = [
    catalogues / "locale" / "lv" / "LC_MESSAGES" / "django.po"
    for catalogues in (DJANGO / "conf", DJANGO / "contrib" / "auth", ALLAUTH)
]


@pytest.fixture(scope="module")
def said() -> set[str]:
    """All that Django and allauth say."""
    found: set[str] = set()
    for path in COMPLETE:
        with path.open("rb") as file:
            for text in read_po(file):
                found.update(text.id if isinstance(text.id, tuple | list) else [text.id])
    return found


def test_they_are_what_others_say(said: set[str]) -> None:
    with override("en"):
        texts = [*borrowed.sentences(), *borrowed.counted(1), *borrowed.counted(2)]
    assert [text for text in texts if text not in said] == []
