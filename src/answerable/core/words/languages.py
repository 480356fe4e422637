"""Which stemmers a text asks for: told by its letters and its commonest words, never by a model.

Two languages share each of the Latin and the Cyrillic script here. Giving every word both stems would join words that
have nothing in common (*state* and *status* by Latvian rules), so a text that shows one language gets that one only;
a text that shows both, or neither (a subject of two words), gets both. Georgian stands alone.
"""

import re
from collections.abc import Callable, Set

from answerable.core.words import english, georgian, kazakh, latvian, russian

Stemmer = Callable[[str], str]
STEMMERS: dict[str, Stemmer] = {
    "en": english.stem,
    "lv": latvian.stem,
    "ka": georgian.stem,
    "kk": kazakh.stem,
    "ru": russian.stem,
}
LATIN = frozenset({"en", "lv"})
CYRILLIC = frozenset({"kk", "ru"})
LATVIAN, KAZAKH, GEORGIAN, NONE = frozenset({"lv"}), frozenset({"kk"}), frozenset({"ka"}), frozenset[str]()
ALL = LATIN | CYRILLIC | {"ka"}

LETTERS = {"lv": re.compile(f"[{latvian.LETTERS}]"), "kk": re.compile(f"[{kazakh.LETTERS}]"), "ru": re.compile("[ъё]")}
_SAME: dict[frozenset[str], frozenset[str]] = {}
"""One object for each of the nine combinations: caches keyed by it then compare by identity, four times as fast."""

FREQUENT = {
    "en": frozenset("the and of to is you for with have this not please my it are was we your".split()),
    "lv": frozenset("un nav vai paldies ludzu labdien sveiki jusu mans esmu ir bet velos lai".split()),
    "kk": frozenset("және мен үшін бұл рахмет жоқ керек емес үшин салем салеметсиз калай жок".split()),
    "ru": frozenset("и в на что с по для это как я мы вы он но если спасибо здравствуйте от из".split()),
}


def spoken(chunks: Set[str]) -> frozenset[str]:
    """The languages whose stems to store for a text, from its distinct chunks."""
    joined = " ".join(chunks)
    shown = {language for language, common in FREQUENT.items() if not common.isdisjoint(chunks)}
    shown |= {language for language, letters in LETTERS.items() if letters.search(joined)}
    languages = frozenset({"ka"} | ((shown & LATIN) or LATIN) | ((shown & CYRILLIC) or CYRILLIC))
    return _SAME.setdefault(languages, languages)


def possible(word: str) -> frozenset[str]:
    """The languages a single word may be in, by its letters alone; none for a number."""
    first = word[0]
    if word.isascii() or first < "\u0370":
        if not word.isalpha():
            return NONE
        return LATIN if word.isascii() or not LETTERS["lv"].search(word) else LATVIAN
    if "\u0400" <= first <= "\u052f":
        return KAZAKH if LETTERS["kk"].search(word) else CYRILLIC
    return GEORGIAN if "\u10d0" <= first <= "\u10ff" else NONE
