"""What is stored for a text, and what is asked for by a query."""

from functools import lru_cache

from answerable.core.words import georgian, kazakh
from answerable.core.words.languages import ALL, FREQUENT, STEMMERS, possible, spoken
from answerable.core.words.tokens import PLAIN, chunks, split

MOST = 20_000
"""Distinct lexemes stored for one text; the rest of a longer one is not searched (a tsvector holds one megabyte)."""

EVEN = {"ka": georgian.even, "kk": kazakh.even}

MOST_TERMS = 16
"""Words of a query that count."""

KEPT = 16_384
"""Words whose stems are remembered: some six megabytes in each process that writes."""


def lexemes(text: str) -> list[str]:
    """The distinct lexemes to store for a text, for ``array_to_tsvector``: each word, its stems, and whole names."""
    found = set(chunks(text))
    languages = spoken(found)
    stored: set[str] = set()
    for chunk in found:
        stored.update(stems(chunk, languages))
        if len(stored) > MOST:
            break
    return list(stored)


@lru_cache(maxsize=KEPT)
def stems(chunk: str, languages: frozenset[str]) -> tuple[str, ...]:
    """All that one chunk is stored as, in a text of these languages."""
    name, words = split(chunk)
    if words == (chunk,):
        return tuple(_forms(chunk, languages))
    return tuple({name}.union(*(_forms(word, languages) for word in words)))


def _forms(word: str, languages: frozenset[str]) -> frozenset[str]:
    """A word without diacritics and its stem in each language that it may belong to."""
    plain = word.translate(PLAIN)
    return frozenset({plain} | {STEMMERS[language](plain) for language in possible(word) & languages})


def _asked(word: str) -> frozenset[str]:
    """The forms that find a word; a lemma that merely looks inflected (*ანგარიში*, *қағида*) as it stands, too."""
    as_lemma = {EVEN[language](word.translate(PLAIN)) for language in possible(word) & EVEN.keys()}
    return _forms(word, ALL) | as_lemma


def query(text: str, *, typing: bool = False) -> str:
    """A query as tsquery text, to be cast with ``::tsquery``; empty when the text has no word.

    Every word must be found, in any of its forms. With ``typing`` the last word may be the beginning of a longer one.
    >>> query("Refunded AB-12")
    "('refunded' | 'refund') & ('ab12' | ('ab' & '12'))"
    """
    terms = list(dict.fromkeys(chunks(text)))[:MOST_TERMS]
    open_ended = typing and bool(text) and not text[-1].isspace()
    return " & ".join(_term(term, prefix=open_ended and term == terms[-1]) for term in terms)


def separately(text: str, *, typing: bool = False) -> list[str]:
    """The words of a question, each a tsquery by itself, for what is to hold many of them rather than all: without the
    commonest words, unless it has no others. ``typing`` as in ``query``."""
    terms = list(dict.fromkeys(chunks(text)))
    telling = [term for term in terms if not any(term in common for common in FREQUENT.values())]
    open_ended = typing and bool(text) and not text[-1].isspace()
    return [_term(term, prefix=open_ended and term == terms[-1]) for term in (telling or terms)[-MOST_TERMS:]]


def _term(chunk: str, *, prefix: bool) -> str:
    name, words = split(chunk)
    asked = [_quoted(name) + (":*" if prefix else "")]
    if len(words) == 1:
        asked += [_quoted(form) for form in sorted(_asked(words[0]) - {name})]
    elif words and "@" not in name:
        asked.append("(" + " & ".join(_any(word) for word in words) + ")")
    return _either(asked)


def _any(word: str) -> str:
    return _either([_quoted(form) for form in sorted(_asked(word))])


def _either(asked: list[str]) -> str:
    return asked[0] if len(asked) == 1 else "(" + " | ".join(asked) + ")"


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("'", "''").replace("\\", "\\\\") + "'"
