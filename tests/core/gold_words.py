"""Gold lists of inflected forms, written by hand from the five parallel texts of the Universal Declaration."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

from answerable.core.words import lexemes, query
from answerable.core.words.languages import spoken
from answerable.core.words.terms import stems

GOLD = Path(__file__).parent / "gold"
TEXTS = Path(__file__).parents[3] / "shared" / "data" / "udhr"
LANGUAGES = {"en": "eng", "lv": "lav", "ka": "kat", "kk": "kaz", "ru": "rus"}


@dataclass(frozen=True)
class Family:
    """A lemma, the inflected forms that must be found by it, and kin that may be found but do not count."""

    lemma: str
    forms: frozenset[str]
    kin: frozenset[str]


def families(language: str) -> list[Family]:
    """The gold list of a language (en, lv, ka, kk, ru)."""
    found = []
    for line in (GOLD / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            lemma, _, rest = line.partition(":")
            forms, _, kin = rest.partition("|")
            found.append(Family(lemma, frozenset(forms.split()), frozenset(kin.split())))
    return found


def declaration(language: str) -> str:
    """The text of the declaration, without its markup."""
    page = (TEXTS / f"{LANGUAGES[language]}.html").read_text(encoding="utf-8")
    page = re.sub(r"<(script|style|title).*?</\1>", " ", page, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def vocabulary(language: str) -> frozenset[str]:
    """The distinct words of the declaration in lower case."""
    return frozenset(re.findall(r"[^\W\d_]+", declaration(language).lower()))


@dataclass(frozen=True)
class Measured:
    """What the gold list of a language says of its stemmer; lemmas themselves are not counted."""

    lemmas: int
    forms: int
    found: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.found / self.forms

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.wrong))


def measure(language: str) -> Measured:
    """Type each lemma; every word of the declaration is a document, stored with the languages of the whole text."""
    words = vocabulary(language)
    stored = {word: frozenset(stems(word, spoken(words))) for word in words}
    found, missed, wrong, forms = 0, [], [], 0
    gold = families(language)
    for family in gold:
        asked = query(family.lemma)
        hits = {word for word in words if matches(asked, stored[word])} - {family.lemma}
        forms += len(family.forms)
        found += len(hits & family.forms)
        missed += [f"{family.lemma} - {word}" for word in sorted(family.forms - hits)]
        wrong += [f"{family.lemma} - {word}" for word in sorted(hits - family.forms - family.kin)]
    return Measured(len(gold), forms, found, tuple(missed), tuple(wrong))


def measure_unseen() -> dict[str, tuple[int, int]]:
    """By language, forms found and forms listed in gold/unseen.txt, whose words the rules were not made from."""
    counts: dict[str, tuple[int, int]] = {}
    for line in (GOLD / "unseen.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            head, _, forms = line.partition(":")
            language, _, lemma = head.partition(" ")
            hits = [matches(query(lemma), frozenset(stems(form, frozenset({language})))) for form in forms.split()]
            found, listed = counts.get(language, (0, 0))
            counts[language] = (found + sum(hits), listed + len(hits))
    return counts


def finds(typed: str, text: str, *, typing: bool = False) -> bool:
    """Whether a query would find a text, without a database."""
    return matches(query(typed, typing=typing), frozenset(lexemes(text)))


def matches(asked: str, stored: frozenset[str]) -> bool:
    """Evaluate tsquery text of our own making: quoted lexemes, & | ( ) and :*."""

    def truth(lexeme: re.Match[str]) -> str:
        word, prefix = lexeme[1].replace("''", "'"), bool(lexeme[2])
        return str(any(one.startswith(word) for one in stored) if prefix else word in stored)

    expression = re.sub(r"'((?:[^']|'')*)'(:\*)?", truth, asked)
    return bool(eval(expression.replace("&", " and ").replace("|", " or ") or "False"))
