"""JSON as exports have it, a piece at a time: an object a line, a list of objects, or an object with lists inside."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

from answerable.imports.reading.failures import Unreadable

CHUNK = 1 << 18
LARGEST_VALUE = 64 << 20
"""Characters of one ticket; more is not a ticket."""
SPACE = re.compile(r"[ \t\r\n]*")
DECODER = json.JSONDecoder()
ESCAPED = re.compile(r"\\u(0000|[dD][89a-fA-F])")
"""What may be a letter that no database keeps; mostly it is half of an emoji, with the other half behind it."""
NOT_KEPT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Found:
    """An object, the name of the list it stood in (empty: none), and which of the file it is, from 1.

    `value` is None where the line is no JSON, and `why` says what is wrong.
    """

    list: str
    value: dict[str, Any] | None
    place: int
    why: str = ""


def objects(stream: IO[str], name: str) -> Iterator[Found]:
    """All objects of a file. A broken line of many is passed on as such; a broken list ends it with Unreadable."""
    text = Window(stream, name)
    first = text.peek()
    if first == "[":
        yield from _list(text, "")
    elif first != "{":
        raise text.broken()
    elif text.has_whole_line():
        yield from _lines(text)
    else:
        yield from _object(text)


def _lines(text: "Window") -> Iterator[Found]:
    for place, line in enumerate(text.lines(), 1):
        if not line.strip():
            continue
        try:
            value = _kept(json.loads(line), line)
        except (ValueError, RecursionError) as error:
            yield Found("", None, place, str(error)[:200])
            continue
        if not isinstance(value, dict):
            yield Found("", None, place, _("no object"))
        elif lists := _lists_of(value):  # pages of an API, one a line
            for key, rows in lists.items():
                yield from (Found(key, row, place) for row in rows if isinstance(row, dict))
        else:
            yield Found("", value, place)


def _lists_of(value: dict[str, Any]) -> dict[str, list[Any]]:
    """What is in a page of an API; nothing where the object is a row itself."""
    inside = value.get("data") if isinstance(value.get("data"), dict) else value
    lists = {key: rows for key, rows in inside.items() if isinstance(rows, list)} if isinstance(inside, dict) else {}
    return lists if "id" not in value and lists else {}


def _list(text: "Window", key: str) -> Iterator[Found]:
    text.take("[")
    place = 0
    while text.peek() != "]":
        place += 1
        value = text.value()
        if isinstance(value, dict) and key == "" and (lists := _lists_of(value)):
            for inside, rows in lists.items():
                yield from (Found(inside, row, place) for row in rows if isinstance(row, dict))
        elif isinstance(value, dict):
            yield Found(key, value, place)
        elif isinstance(value, list):  # pages, one after the other
            yield from (Found(key, row, place) for row in value if isinstance(row, dict))
        if text.peek() == ",":
            text.take(",")
        elif text.peek() != "]":
            raise text.broken()
    text.take("]")


def _object(text: "Window") -> Iterator[Found]:
    """One object: its lists are what it is for; where it has none, it is a row itself."""
    single: dict[str, Any] = {}
    listed = False
    text.take("{")
    while text.peek() != "}":
        key = text.value()
        if not isinstance(key, str):
            raise text.broken()
        text.take(":")
        first = text.peek()
        if first == "[" and "id" not in single:
            listed = True
            yield from _list(text, key)
        elif first == "{" and key in ("data", "payload"):
            listed = True
            yield from _object(text)
        else:
            single[key] = text.value()
        if text.peek() == ",":
            text.take(",")
        elif text.peek() != "}":
            raise text.broken()
    text.take("}")
    if not listed and single:
        yield Found("", single, 1)


class Window:
    """Some of the text at a time."""

    def __init__(self, stream: IO[str], name: str) -> None:
        self._stream, self._name = stream, name
        self._text, self._at, self._passed = "", 0, 0

    def peek(self) -> str:
        """The next character that is no space."""
        while True:
            match = SPACE.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                raise self.broken()

    def take(self, character: str) -> None:
        if self.peek() != character:
            raise self.broken()
        self._at += 1

    def value(self) -> Any:
        """The next value, read."""
        self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                if len(self._text) - self._at < LARGEST_VALUE and self._more():
                    continue
                raise self.broken() from None
            if end == len(self._text) and not isinstance(found, dict | list | str) and self._more():
                continue  # a number may go on
            found = _kept(found, self._text[self._at : end])
            self._at = end
            return found

    def has_whole_line(self) -> bool:
        """Whether a whole object ends with the first line: then each line is one."""
        while "\n" not in self._text[self._at :] and len(self._text) - self._at < LARGEST_VALUE:
            if not self._more():
                break
        line, _end, rest = self._text[self._at :].partition("\n")
        try:
            return isinstance(json.loads(line), dict) and (rest.lstrip()[:1] in ("{", ""))
        except (ValueError, RecursionError):
            return False

    def lines(self) -> Iterator[str]:
        """The rest, by lines."""
        while True:
            end = self._text.find("\n", self._at)
            if end >= 0:
                line, self._at = self._text[self._at : end], end + 1
                yield line
            elif len(self._text) - self._at > LARGEST_VALUE:
                raise self.broken()
            elif not self._more():
                yield self._text[self._at :]
                return

    def broken(self) -> Unreadable:
        words = _("%(file)s is not JSON at character %(n)s, or ends too early. Was it cut off? Export it again.")
        return Unreadable(words % {"file": self._name, "n": self._passed + self._at + 1})

    def _more(self) -> bool:
        piece = self._stream.read(max(CHUNK, len(self._text) - self._at))
        self._passed += self._at
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)


def _kept(value: Any, written: str) -> Any:
    """The value with U+FFFD for each letter that can't be kept: NUL, and a lone half of a surrogate pair, as there is
    where something has cut a text off."""
    return _without(value) if ESCAPED.search(written) else value


def _without(value: Any) -> Any:
    if isinstance(value, str):
        return NOT_KEPT.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without(one) for one in value]
    if isinstance(value, dict):
        return {_without(key): _without(one) for key, one in value.items()}
    return value
