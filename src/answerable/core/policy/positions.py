"""Where each value of a TOML document stands: `tomllib` reads values, this finds their places.

It walks a document that `tomllib` has already accepted, so it only needs to know where things begin and end.
Grammar: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Keys and list positions from the root: ``("standard", 0, "when", "channel", 1)``."""

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")
_STRINGS = {
    '"""': re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}', re.DOTALL),
    "'''": re.compile(r"'''(?:[^']|'(?!''))*'{3,5}"),
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"'[^'\n]*'"),
}


class Place(NamedTuple):
    """Offsets into the text: of the key (of the value, in a list), and of the value's start and end."""

    key: int
    start: int
    end: int


def locate(text: str) -> dict[Path, Place]:
    """Places of every table, key and list element of valid TOML with ``\\n`` line ends."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.places


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[Path, Place] = {(): Place(0, 0, len(text))}
        self.last: dict[Path, int] = {}
        self.table: Path = ()

    def document(self) -> None:
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                self.header()
            else:
                self.pair(self.table)
            self.skip(_BLANK)

    def header(self) -> None:
        start = self.at
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.at += brackets
        keys = self.keys()
        self.at += brackets
        path: Path = ()
        for depth, (key, _) in enumerate(keys, 1):
            path += (key,)
            self.note(path, start)
            if brackets == 2 and depth == len(keys):
                self.last[path] = self.last.get(path, -1) + 1
            if path in self.last:
                path += (self.last[path],)
                self.note(path, start)
        self.table = path

    def pair(self, base: Path) -> None:
        path = base
        keys = self.keys()
        for key, start in keys:
            path += (key,)
            self.note(path, start)
        self.at += 1  # the equals sign
        self.skip(_SPACE)
        self.value(path, keys[-1][1])

    def keys(self) -> list[tuple[str, int]]:
        """A dotted key: its parts, each with its offset; leaves the scanner behind it and its spaces."""
        found = []
        while True:
            self.skip(_SPACE)
            start = self.at
            if self.text[start] in "\"'":
                self.string()
                found.append((str(tomllib.loads(f"key = {self.text[start : self.at]}")["key"]), start))
            else:
                self.skip(_BARE_KEY)
                found.append((self.text[start : self.at], start))
            self.skip(_SPACE)
            if self.text[self.at] != ".":
                return found
            self.at += 1

    def value(self, path: Path, key: int) -> None:
        start = self.at
        first = self.text[start]
        if first in "\"'":
            self.string()
        elif first == "[":
            self.array(path)
        elif first == "{":
            self.inline_table(path)
        else:
            self.skip(_BARE_VALUE)
        end = start + len(self.text[start : self.at].rstrip())
        self.places[path] = Place(key, start, end)

    def array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while not self.closes("]"):
            self.value((*path, index), self.at)
            index += 1

    def inline_table(self, path: Path) -> None:
        self.at += 1
        while not self.closes("}"):
            self.pair(path)

    def closes(self, bracket: str) -> bool:
        """Step over blanks and a comma; True after stepping over the closing bracket."""
        self.skip(_BLANK)
        if self.text[self.at] == ",":
            self.at += 1
            self.skip(_BLANK)
        if self.text[self.at] == bracket:
            self.at += 1
            return True
        return False

    def string(self) -> None:
        quotes = self.text[self.at : self.at + 3]
        self.skip(_STRINGS[quotes if quotes in _STRINGS else quotes[0]])

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def note(self, path: Path, start: int) -> None:
        self.places.setdefault(path, Place(start, start, start))
