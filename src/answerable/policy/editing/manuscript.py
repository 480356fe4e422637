"""A draft's document, opened to be changed part by part: comments and order stay as they were."""

import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from answerable.core.policy.positions import Path
from answerable.core.policy.touched import Part

Values = Mapping[str, Any]
"""Settings of an element. None takes one out; a table's own settings are changed one by one."""


class Unreadable(Exception):
    """The document is not TOML: it can be mended as a document only."""


@dataclass(frozen=True)
class Element:
    """One table of a part. `handle` names it in addresses: its key or, without a usable one, ``@`` and its number."""

    part: Part
    handle: str
    path: Path
    values: Values

    @property
    def key(self) -> str:
        """What others refer to it by."""
        return str(self.path[-1]) if self.part is Part.HOURS else str(self.values.get("key", ""))


class Manuscript:
    """The text of a document as tables that can be written. Raises Unreadable."""

    def __init__(self, text: str) -> None:
        self._text = text
        try:
            self.values: dict[str, Any] = tomllib.loads(text)
        except (ValueError, RecursionError):
            raise Unreadable from None

    @property
    def text(self) -> str:
        return self._text

    @property
    def language(self) -> str:
        """The policy's own; English where it says nothing that could be one."""
        language = self.values.get("language")
        return language if isinstance(language, str) and language else "en"

    def elements(self, part: Part) -> list[Element]:
        """The tables of a part in the document's order; what is no table is left out."""
        found = self.values.get(part)
        if isinstance(found, dict):
            return [Element(part, _handle(key, 0), (str(part), key), each) for key, each in _tables(found.items())]
        if not isinstance(found, list):
            return []
        seen: set[str] = set()
        elements = []
        for place, each in _tables(enumerate(found)):
            key = each.get("key")
            handle = _handle(key if isinstance(key, str) and key not in seen else None, place)
            seen.add(handle)
            elements.append(Element(part, handle, (str(part), place), each))
        return elements

    def element(self, part: Part, handle: str) -> Element | None:
        return next((each for each in self.elements(part) if each.handle == handle), None)

    def write(self, values: Values) -> None:
        """Change settings of the document itself."""
        self._change((), values)

    def write_element(self, part: Part, handle: str, values: Values) -> Element:
        """Change an element, or add one of this key where there is none."""
        found = self.element(part, handle)
        if found is None:
            return self._add(part, handle, values)
        self._change(found.path, values)
        return self.elements(part)[self._place(found)]

    def remove(self, element: Element) -> None:
        """Take an element out."""
        expected: dict[str, Any] = deepcopy(self.values)
        parent = _at(expected, element.path[:-1])
        del parent[element.path[-1]]
        if not parent:
            del expected[str(element.path[0])]

        def take_out(toml: Any) -> None:
            tables = _at(toml, element.path[:-1])
            del tables[element.path[-1]]
            if not tables:
                del toml[str(element.path[0])]

        self._keep(expected, take_out)

    def move(self, element: Element, by: int) -> None:
        """Let an element of a list change places with the one before (-1) or after it (1)."""
        place = element.path[-1]
        tables = self.values.get(element.part)
        if not isinstance(place, int) or not isinstance(tables, list) or not 0 <= place + by < len(tables):
            return
        expected = deepcopy(self.values)
        expected[element.part].insert(place + by, expected[element.part].pop(place))

        def swap(toml: Any) -> None:
            moved = toml[str(element.part)]
            table = moved[place]
            del moved[place]
            moved.insert(place + by, table)

        self._keep(expected, swap)

    def _add(self, part: Part, key: str, values: Values) -> Element:
        expected = deepcopy(self.values)
        table: dict[str, Any] = {} if part is Part.HOURS else {"key": key}
        _put_all(table, values)
        if part is Part.HOURS:
            expected.setdefault(str(part), {})[key] = table
        else:
            expected.setdefault(str(part), []).append(table)

        def add(toml: Any) -> None:
            if part is Part.HOURS:
                if part not in toml:
                    toml[str(part)] = tomlkit.table(is_super_table=True)
                toml[str(part)][key] = _block(table)
            elif isinstance(toml.get(part), AoT):
                toml[str(part)].append(_block(table))
            elif part in toml:
                toml[str(part)].append(_written(table))
            else:
                toml[str(part)] = tomlkit.aot()
                toml[str(part)].append(_block(table))

        self._keep(expected, add)
        return self.elements(part)[-1]

    def _change(self, path: Path, values: Values) -> None:
        expected = deepcopy(self.values)
        _put_all(_at(expected, path), values)
        self._keep(expected, lambda toml: _put_all(_at(toml, path), values))

    def _keep(self, expected: dict[str, Any], change: Any) -> None:
        """Make the change in the text. Where comments can't be kept without changing what is said, they go."""
        if expected == self.values:
            return
        try:
            toml = tomlkit.parse(self._text)
            change(toml)
            text = tomlkit.dumps(toml)
            is_right = tomllib.loads(text) == expected
        except (TOMLKitError, ValueError, KeyError, IndexError, TypeError, AttributeError):
            is_right, text = False, ""
        self._text = text if is_right else tomlkit.dumps(expected)
        self.values = tomllib.loads(self._text)

    def _place(self, element: Element) -> int:
        return [each.path for each in self.elements(element.part)].index(element.path)


def _handle(key: object, place: int) -> str:
    usable = isinstance(key, str) and key and "/" not in key and not key.startswith("@")
    return str(key) if usable else f"@{place + 1}"


def _tables(pairs: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    return ((place, each) for place, each in pairs if isinstance(each, dict))


def _at(values: Any, path: Path) -> Any:
    for step in path:
        values = values[step]
    return values


def _put_all(table: MutableMapping[str, Any], values: Values) -> None:
    """Write settings into a table, plain or tomlkit's; what stays as it is keeps its form and its comments."""
    for key, value in values.items():
        old: Any = table.get(key)
        plain = old.unwrap() if hasattr(old, "unwrap") else old
        if value is None:
            if key in table:
                del table[key]
        elif isinstance(value, Mapping) and isinstance(plain, dict):
            _put_all(table[key], {**dict.fromkeys(plain.keys() - value.keys()), **value})
        elif plain != value or type(plain) is not type(value):
            table[key] = _plain(value) if type(table) is dict else _written(value)


def _plain(value: Any) -> Any:
    """Without what is None."""
    return {key: each for key, each in value.items() if each is not None} if isinstance(value, Mapping) else value


def _block(values: Mapping[str, Any]) -> Any:
    """A table of its own, with a line for each setting."""
    table = tomlkit.table()
    for key, value in values.items():
        table[key] = _written(value)
    return table


def _written(value: Any) -> Any:
    """A value as TOML: lists of tables and of long texts with a line for each, tables in one line."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, each in value.items():
            if each is not None:
                table[key] = _written(each)
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        for each in value:
            array.append(_written(each))
        return array.multiline(any(isinstance(each, dict) or len(str(each)) > 40 for each in value))
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string("\n" + value, multiline=True)  # TOML leaves the first line end out
    return tomlkit.item(value)
