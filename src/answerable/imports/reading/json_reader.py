"""What the readers of JSON share: each object goes to whoever knows its list's name, or its shape."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from answerable.imports.reading.failures import Unknown
from answerable.imports.reading.files import Source
from answerable.imports.reading.objects import objects
from answerable.imports.reading.reader import Shape, Take
from answerable.imports.stage import Stage


class JsonReader:
    """`lists`: by the name of the list an object stands in, or of the file; `shapes`: by its properties. `help`: which
    files there should be."""

    system = ""
    statuses: Mapping[str, str] = {}
    priorities: Mapping[str, str] = {}
    lists: Mapping[str, Take] = {}
    shapes: Sequence[Shape] = ()
    wrapped: frozenset[str] = frozenset()
    """Names of properties that an object may hold alone, with the row inside."""

    def read(self, source: Source, stage: Stage, zone: ZoneInfo) -> None:
        known = 0
        with source.text() as stream:
            for found in objects(stream, source.name):
                if found.value is None:
                    stage.remarks.add(self._place(source, found.place), "broken", why=found.why)
                    continue
                row = self._unwrapped(found.value)
                take = self.lists.get(found.list) or self._by_shape(row)
                if take is not None:
                    known += 1
                    take(row, stage, zone)
        self.check_known(known, source)

    def check_known(self, known: int, source: Source) -> None:
        """Raises Unknown where there was nothing."""
        if not known:
            words = _("%(file)s holds nothing of %(system)s that is known here. Which export it should be: %(help)s")
            raise Unknown(words % {"file": source.name, "system": self.system, "help": "docs/howto/import.md"})

    def finish(self, stage: Stage) -> None:
        """Nothing is left to do."""

    def _by_shape(self, row: Mapping[str, Any]) -> Take | None:
        return next((shape.take for shape in self.shapes if shape.fits(row)), None)

    def _unwrapped(self, row: dict[str, Any]) -> dict[str, Any]:
        if len(row) == 1:
            [(name, inner)] = row.items()
            if name in self.wrapped and isinstance(inner, dict):
                return inner
        return row

    def _place(self, source: Source, place: int) -> str:
        return _("%(file)s, line %(n)s") % {"file": source.name, "n": place}
