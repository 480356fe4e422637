"""Languages by their codes, in the reader's words."""

from collections.abc import Iterable
from functools import lru_cache

from answerable.web.words import begun, reader_locale


def language_name(code: str) -> str:
    """What the reader calls a language; its code where CLDR has no word for it."""
    name = reader_locale().languages.get(code)
    return begun(name) if name else code


def language_choices() -> list[tuple[str, str]]:
    """Every language that has a code of two letters, by its name."""
    return _choices(str(reader_locale()))


def by_name(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes with their names, in the order of the names."""
    return sorted(((code, language_name(code)) for code in set(codes)), key=lambda pair: pair[1])


@lru_cache(maxsize=16)
def _choices(_locale: str) -> list[tuple[str, str]]:
    return by_name(code for code in map(str, reader_locale().languages) if len(code) == 2)
