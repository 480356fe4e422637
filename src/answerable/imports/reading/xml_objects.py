"""XML as Rails writes it: elements for rows, with `type="array"` for lists and `nil="true"` for nothing."""

from collections.abc import Collection, Iterator
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from answerable.imports.reading.failures import Unreadable
from answerable.imports.reading.files import Source

CHUNK = 1 << 18
DEEPEST = 50
LARGEST_TEXT = 64 << 20
"""Characters of one row; more is not a ticket."""


def looks_like_xml(source: Source) -> bool:
    return source.head().lstrip().startswith("<")


def xml_objects(source: Source, names: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each outermost element of one of these names (with `_` for `-`), as an object. Raises Unreadable."""
    found = _Rows(frozenset(names))
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler = found.words
    parser.StartDoctypeDeclHandler = found.refuse
    try:
        with source.opened() as stream:
            while chunk := stream.read(CHUNK):
                parser.Parse(chunk)
                yield from found.take()
            parser.Parse(b"", True)
            yield from found.take()
    except expat.ExpatError as error:
        words = _("%(file)s is not XML at line %(n)s, or ends too early. Was it cut off? Export it again.")
        raise Unreadable(words % {"file": source.name, "n": error.lineno}) from None


class _Element:
    """One that is open: a row, a list, or a text."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.is_list = attributes.get("type") == "array"
        self.is_nil = attributes.get("nil") == "true"
        self.text: list[str] = []
        self.inside: list[tuple[str, Any]] = []

    def value(self) -> Any:
        if self.is_nil:
            return None
        if self.is_list:
            return [value for _name, value in self.inside]
        return dict(self.inside) if self.inside else "".join(self.text).strip()


class _Rows:
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._open: list[_Element] = []
        self._depth, self._size = 0, 0
        self._done: list[tuple[str, dict[str, Any]]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        name = tag.replace("-", "_")
        if self._open or name in self._names:
            if len(self._open) > DEEPEST:
                raise Unreadable(_("The XML is nested too deeply to be an export."))
            self._open.append(_Element(name, attributes))

    def end(self, _tag: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        element = self._open.pop()
        value = element.value()
        if self._open:
            self._open[-1].inside.append((element.name, value))
        else:
            self._size = 0
            if isinstance(value, dict):
                self._done.append((element.name, value))

    def words(self, said: str) -> None:
        if self._open:
            self._size += len(said)
            if self._size > LARGEST_TEXT:
                raise Unreadable(_("One row of the XML is larger than any ticket."))
            self._open[-1].text.append(said)

    def refuse(self, *_details: object) -> None:
        """Entities could make a small file endless; no export has any."""
        raise Unreadable(_("The XML declares a document type, which no export does."))

    def take(self) -> list[tuple[str, dict[str, Any]]]:
        done, self._done = self._done, []
        return done
