"""A policy document being read: every mistake is noted with its place, and reading goes on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from answerable.core.policy.errors import PolicyError, PolicyErrors, shown, suggestion
from answerable.core.policy.positions import Path, line_and_column, locate
from answerable.core.said import Said, gettext_noop, said

LONGEST_DOCUMENT = 256 * 1024
LONGEST_TEXT = 2000
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}", re.ASCII)
EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
EMPTY = gettext_noop("is empty.")
TOO_LONG = gettext_noop("is too long.")
NO_TABLE = gettext_noop("must be a table, not {kind}.")
ABOVE_EACH = gettext_noop("Write [[{key}]] above each.")
IN_BRACKETS = gettext_noop('Write it in brackets: ["…", "…"].')
TAKE_OUT = gettext_noop("Take it out.")
OWN_KEY = gettext_noop("Give each its own key.")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", re.ASCII)
_PLACE_IN_MESSAGE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class Document:
    """The text, its values and the mistakes found so far."""

    def __init__(self, text: str | bytes) -> None:
        self.text = _decoded(text)
        self.errors: list[PolicyError] = []
        try:
            self.values = tomllib.loads(self.text)
            self.places = locate(self.text)
        except tomllib.TOMLDecodeError as error:
            raise PolicyErrors([_syntax_error(self.text, str(error))]) from error
        except RecursionError as error:
            raise _whole(
                gettext_noop("The document is nested too deeply to read."), gettext_noop("Policies need four levels.")
            ) from error
        except ValueError as error:  # a number of thousands of digits
            raise _whole(
                Said(gettext_noop("A value cannot be read: {error}."), error=str(error)),
                gettext_noop("Write it shorter."),
            ) from error

    @property
    def root(self) -> Table:
        """The whole document as a table."""
        return Table(self, (), self.values)

    def refuse(self, path: Path, problem: str, remedy: str = "", *, at_key: bool = False) -> None:
        """Note a mistake at the value of a path, or its key; an absent value is at its table.

        `problem` and `remedy` are marked by gettext_noop, or Said.
        """
        found = path
        while found not in self.places:
            found = found[:-1]
        place = self.places[found]
        line, column = line_and_column(self.text, place.key if at_key or found != path else place.start)
        self.errors.append(PolicyError(line, column, self.name(path), said(problem), said(remedy), path))

    def name(self, path: Path) -> str:
        """The dotted name of a path; list elements go by their `key`, or by number from 1 without one."""
        value: Any = self.values
        parts = []
        for step in path:
            try:
                value = value[step]
            except (LookupError, TypeError):
                value = None
            own = value.get("key") if isinstance(step, int) and isinstance(value, dict) else None
            known = isinstance(own, str) and _NAME.fullmatch(own)
            parts.append(str(own if known else step + 1 if isinstance(step, int) else step))
        return ".".join(parts)

    def finish(self) -> None:
        """Raises PolicyErrors when a mistake was noted."""
        if self.errors:
            raise PolicyErrors(self.errors)


class Table:
    """One table of the document. Readers return None (or nothing) after noting a mistake."""

    def __init__(self, document: Document, path: Path, values: dict[str, Any]) -> None:
        self.document = document
        self.path = path
        self.values = values
        self._read: set[str] = set()

    def refuse(self, key: str, problem: str, remedy: str = "") -> None:
        """Note a mistake in the value of a key."""
        self.document.refuse((*self.path, key), problem, remedy)

    def has(self, key: str) -> bool:
        """Whether the key is there, whatever its value."""
        return key in self.values

    def get(self, key: str, *, required: bool = True) -> Any:
        """The raw value, None when absent, which is a mistake where it is required."""
        self._read.add(key)
        if key not in self.values and required:
            self.refuse(key, gettext_noop("is missing."), Said(gettext_noop("Add {key} = … here."), key=key))
        return self.values.get(key)

    def string(self, key: str, *, required: bool = True) -> str | None:
        """Text that is not blank and not longer than 2,000 characters."""
        value = self.get(key, required=required)
        return None if value is None else self.check_string((key,), value)

    def check_string(self, keys: Path, value: object) -> str | None:
        """The same check for a value at a path below this table."""
        if not isinstance(value, str):
            problem: str = Said(gettext_noop("must be text, not {kind}."), kind=_kind(value))
            remedy: str = gettext_noop("Write it in quotes.")
        elif not value.strip():
            problem, remedy = EMPTY, gettext_noop("Write something, or leave the line out.")
        elif len(value) > LONGEST_TEXT:
            problem, remedy = TOO_LONG, Said(gettext_noop("Say it in {most} characters."), most=LONGEST_TEXT)
        else:
            return value.strip()
        self.document.refuse((*self.path, *keys), problem, remedy)
        return None

    def key(self, name: str = "key") -> str | None:
        """A key: small letters, digits, hyphens and underscores."""
        value = self.string(name)
        if value is not None and not KEY.fullmatch(value):
            unlike = Said(gettext_noop("{name} is not a key."), name=shown(value))
            self.refuse(name, unlike, gettext_noop("Use small letters, digits and hyphens: gold-email."))
            return None
        return value

    def choice(self, key: str, options: Collection[str], *, required: bool = True) -> str | None:
        """One of the options."""
        value = self.string(key, required=required)
        if value is not None and value not in options:
            self.refuse(key, Said(gettext_noop("{name} is not known."), name=shown(value)), suggestion(value, options))
            return None
        return value

    def strings(self, key: str, *, required: bool = False) -> list[tuple[Path, str]] | None:
        """A list of texts, each with its path below this table; a date that TOML has read counts as text."""
        value = self.get(key, required=required)
        if value is None:
            return None
        if not isinstance(value, list):
            self.refuse(key, Said(gettext_noop("must be a list, not {kind}."), kind=_kind(value)), IN_BRACKETS)
            return None
        found: list[tuple[Path, str]] = []
        for index, each in enumerate(value):
            plain = each.isoformat() if isinstance(each, date) and not isinstance(each, datetime) else each
            if (text := self.check_string((key, index), plain)) is not None:
                found.append(((key, index), text))
        return found

    def table(self, key: str, *, required: bool = False) -> Table | None:
        """A table below this one."""
        value = self.get(key, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            remedy = Said(gettext_noop("Write [{key}] or {{ … }}."), key=key)
            self.refuse(key, Said(NO_TABLE, kind=_kind(value)), remedy)
            return None
        return Table(self.document, (*self.path, key), value)

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        """A list of tables below this one."""
        value = self.get(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list):
            unlike = Said(gettext_noop("must be a list of tables, not {kind}."), kind=_kind(value))
            self.refuse(key, unlike, Said(ABOVE_EACH, key=key))
            return []
        found = []
        for index, each in enumerate(value):
            path = (*self.path, key, index)
            if isinstance(each, dict):
                found.append(Table(self.document, path, each))
            else:
                self.document.refuse(path, Said(NO_TABLE, kind=_kind(each)), Said(ABOVE_EACH, key=key))
        return found

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.values:
            if key not in self._read:
                remedy = suggestion(key, self._read) or TAKE_OUT
                self.document.refuse((*self.path, key), gettext_noop("is not a setting."), remedy, at_key=True)


def _decoded(text: str | bytes) -> str:
    if len(text) > LONGEST_DOCUMENT:
        long = Said(gettext_noop("The document is longer than {most} KB."), most=LONGEST_DOCUMENT // 1024)
        raise _whole(long, gettext_noop("Is it the right file?"))
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise _whole(
                gettext_noop("The document is not UTF-8."), gettext_noop("Save it as UTF-8."), line=line
            ) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _syntax_error(text: str, message: str) -> PolicyError:
    match = _PLACE_IN_MESSAGE.search(message)
    line, column = line_and_column(text, len(text))
    if match and match[1]:
        line, column = int(match[1]), int(match[2])
    why = _PLACE_IN_MESSAGE.sub("", message).rstrip(".")
    problem = Said(gettext_noop("This is not TOML: {error}."), error=why)
    return PolicyError(line, column, "", problem, Said(gettext_noop("See https://toml.io.")))


def _whole(problem: str, remedy: str, *, line: int = 1) -> PolicyErrors:
    return PolicyErrors([PolicyError(line, 1, "", said(problem), said(remedy))])


_KINDS = {
    bool: gettext_noop("true or false"),
    int: gettext_noop("a number"),
    float: gettext_noop("a number"),
    str: gettext_noop("text"),
    list: gettext_noop("a list"),
    dict: gettext_noop("a table"),
}


def _kind(value: object) -> Said:
    return Said(_KINDS.get(type(value), gettext_noop("a date or time")))
