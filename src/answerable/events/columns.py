"""Columns of a model, read off its rows as the database takes them: all by one call, then what is special in some."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import models
from psycopg.types.json import Jsonb


class Columns:
    """Some columns of a model, in the order of their `names`."""

    def __init__(self, model: type[models.Model], names: Iterable[str]) -> None:
        of_model = {str(field.column): field for field in model._meta.local_concrete_fields}
        self.names = tuple(names)
        fields = [of_model[name] for name in self.names]
        self._read = _reader([field.attname for field in fields])
        self._texts = [at for at, field in enumerate(fields) if isinstance(field, models.CharField | models.TextField)]
        self._documents = [at for at, field in enumerate(fields) if isinstance(field, models.JSONField)]
        self._links = [(at, field) for at, field in enumerate(fields) if isinstance(field, models.ForeignKey)]
        self._stamps = [field for field in fields if isinstance(field, models.DateField) and _is_stamped(field)]

    def of(self, row: models.Model) -> list[Any]:
        """The row's values, as psycopg takes them. The row gets what Django gives it when it is saved: the time, and
        keys of rows that got theirs after it was made with them."""
        for field in self._stamps:
            field.pre_save(row, row._state.adding)
        values = list(self._read(row))
        for at in self._texts:
            value = values[at]
            if value is not None and type(value) is not str:  # a choice is stored as its value
                values[at] = str(value)
        for at in self._documents:
            if values[at] is not None:
                values[at] = Jsonb(values[at])
        for at, link in self._links:
            if values[at] is None and link.is_cached(row):
                setattr(row, link.name, getattr(row, link.name))
                values[at] = getattr(row, link.attname)
        return values


def _reader(names: Sequence[str]) -> Callable[[models.Model], Iterable[Any]]:
    return attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)


def _is_stamped(field: "models.DateField[Any, Any]") -> bool:
    return field.auto_now or field.auto_now_add
