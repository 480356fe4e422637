"""The reader's language: the same catalogues that the pages use, read by the standard library."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from answerable.measure.words import Plurals, Words, english, english_plurals

LANGUAGES = ("en", "lv", "ka", "kk")
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


@cache
def words_of(language: str) -> Words:
    """The words of a language: what has no translation stays English.

    A catalogue that was not compiled is compiled in memory. Raises ValueError for a language there is none of.
    """
    if language not in LANGUAGES:
        raise ValueError(f"There is no report in {language!r}; there are {', '.join(LANGUAGES)}.")
    if language == "en":
        return english
    found = _catalogue(language)
    return lambda text: found.gettext(text) if text else text


def plurals_of(language: str) -> Plurals:
    """The plurals of a language that `words_of` knows."""
    return english_plurals if language == "en" else _catalogue(language).ngettext


@cache
def _catalogue(language: str) -> GNUTranslations:
    """A language's texts."""
    place = CATALOGUES / language / "LC_MESSAGES"
    compiled = place / "django.mo"
    if compiled.is_file():
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    return GNUTranslations(_compiled(place / "django.po"))


def _compiled(path: Path) -> BytesIO:
    """A catalogue as compiled, in memory."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return compiled
