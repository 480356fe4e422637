"""Sentences that are made where no language is known, and said where somebody reads them."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

Words = Callable[[str], str]
"""From an English text to the reader's; gettext is one."""
Number = Callable[[int], str]
"""A count as the reader writes it."""


def gettext_noop(text: str) -> str:
    """Marks a text for the collectors of translations; changes nothing."""
    return text


class Said(str):
    """A text in English that keeps its template and the facts in its braces, so that it can be said in any language.

    What reads files and documents makes such texts and knows no language; whoever shows them calls `by`. A fact that
    is a number is written as the reader writes numbers, and one that is Said is said by the same words.
    """

    __slots__ = ("facts", "template")
    template: str
    facts: dict[str, str | int]

    def __new__(cls, template: str, /, **facts: str | int) -> Self:
        """Made of a text marked by gettext_noop and its facts; without facts, braces in it are only braces."""
        text = super().__new__(cls, template.format(**facts) if facts else template)
        text.template, text.facts = template, facts
        return text

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """From what `plain` gave."""
        facts = {key: cls.of(fact) if isinstance(fact, Mapping) else fact for key, fact in plain["facts"].items()}
        return cls(plain["template"], **facts)

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON keeps it, with what is said within it."""
        facts = {key: fact.plain if isinstance(fact, Said) else fact for key, fact in self.facts.items()}
        return {"template": self.template, "facts": facts}

    def by(self, words: Words, number: Number = str) -> str:
        """The text in the reader's language."""
        said = words(self.template) if self.template else ""
        if not self.facts:
            return said
        return said.format(**{key: _fact(fact, words, number) for key, fact in self.facts.items()})


def said(text: str) -> Said:
    """A text as one that can be said: itself where it is, else a template without facts."""
    return text if isinstance(text, Said) else Said(text)


def said_of(error: Exception) -> Said:
    """What an error says: Said where it was raised with one."""
    why = error.args[0] if error.args else ""
    return why if isinstance(why, Said) else Said(str(error))


_SYSTEM = {
    errno.ENOENT: gettext_noop("there is no such file or directory"),
    errno.EACCES: gettext_noop("permission denied"),
    errno.EPERM: gettext_noop("not permitted"),
    errno.EROFS: gettext_noop("it can only be read"),
    errno.EISDIR: gettext_noop("it is a directory"),
    errno.ENOTDIR: gettext_noop("it is no directory"),
    errno.ENOSPC: gettext_noop("no space is left"),
    errno.EFBIG: gettext_noop("it would be too large"),
    errno.ENAMETOOLONG: gettext_noop("its name is too long"),
}


def of_system(error: OSError) -> Said:
    """What the system could not do, the usual reasons in words that can be said in any language."""
    return Said(_SYSTEM.get(error.errno or 0) or error.strerror or str(error))


def in_lines(texts: Iterable[Said]) -> Said:
    """Several, each on a line of its own."""
    lines = {f"line_{number}": text for number, text in enumerate(texts)}
    return Said("\n".join(f"{{{name}}}" for name in lines), **lines)


def _fact(fact: str | int, words: Words, number: Number) -> str:
    if isinstance(fact, Said):
        return fact.by(words, number)
    return number(fact) if isinstance(fact, int) else fact


class Wrong(ValueError):
    """Something that cannot be used as it is, and why: `said`, for whoever gave it, in any language."""

    def __init__(self, why: str) -> None:
        self.said = said(why)
        super().__init__(self.said)
