"""In which language a message is written: a guess, for who has not told us."""

import threading
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from lingua import LanguageDetector

ENOUGH = 12
"""Letters below which a guess is worth nothing."""
LOOKED_AT = 200
_loading = threading.Lock()


def guess(text: str) -> str | None:
    """The code of a language of ours; empty for another (Russian is known); None where nothing can be said."""
    sample = " ".join(text[: 2 * LOOKED_AT].split())[:LOOKED_AT]
    letters = [letter for letter in sample if letter.isalpha()]
    if len(letters) < ENOUGH:
        return None
    if sum("\u10a0" <= letter <= "\u10ff" for letter in letters) * 2 > len(letters):
        return "ka"
    found = _detector().detect_language_of(sample)
    if found is None:
        return None
    code = found.iso_code_639_1.name.lower()
    return code if code in dict(settings.LANGUAGES) else ""


@cache
def _load() -> "LanguageDetector":
    from lingua import Language, LanguageDetectorBuilder

    languages = (Language.ENGLISH, Language.LATVIAN, Language.GEORGIAN, Language.KAZAKH, Language.RUSSIAN)
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def _detector() -> "LanguageDetector":
    """Loaded by who asks first (18 MB)."""
    with _loading:
        return _load()
