"""Questions compiled once: the SQL of a question is kept, and its numbers are lifted out.

To build an expression of Ibis and to compile it takes some milliseconds to tens of them, whatever the number of rows:
most of a small report's time. The SQL depends on the columns there are and on what is grouped by; instants, days and
identifiers merely stand in it. So a question is a function of tables and of what is asked. It is built and compiled
once for each shape, with a number that no fact can be in the place of every whole number asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

Build = Callable[..., "ir.Table"]
"""From tables, and what is asked, to the rows wanted. What is asked are words, None, and whole numbers, in tuples; the
numbers may arrive as numbers or as expressions."""

MOST = 1_000  # kept; of a process that lives long the shapes are a few dozen
_FIRST = 8_765_432_109_876_540_000
_PLACE = re.compile(r"'(?:[^']|'')*'|\b876543210987654(\d{4})\b")  # in words there is none
_kept: dict[Any, str] = {}


def compiled(engine: BaseBackend, build: Build, tables: tuple[ir.Table, ...], asked: tuple[Any, ...]) -> str:
    """The SQL of `build(*tables, *asked)` for an engine that has tables of these names."""
    named = _named(tables)
    if named is None:
        return _sql(engine, build(*tables, *asked))
    numbers: list[int] = []
    key = engine.name, build, named, _shape(asked, numbers)
    sql = _kept.get(key)
    if sql is None:
        if len(_kept) >= MOST:
            _kept.clear()
        sql = _kept[key] = _sql(engine, build(*tables, *_lifted(asked, [])))
    return _PLACE.sub(lambda found: str(numbers[int(found[1])]) if found[1] else found[0], sql)


def whole(number: Any, kind: str) -> ir.IntegerValue:
    """A whole number that was asked, as an expression of a type."""
    import ibis

    return ibis.literal(number, type=kind) if isinstance(number, int) else number.cast(kind)


def _sql(engine: BaseBackend, expression: ir.Table) -> str:
    sql: str = engine.compile(expression)
    return sql


def _named(tables: tuple[ir.Table, ...]) -> tuple[Any, ...] | None:
    """The names and columns of tables that the engine knows by name; None where one is an expression."""
    from ibis.expr.operations import DatabaseTable

    operations = [table.op() for table in tables]
    if not all(isinstance(each, DatabaseTable) for each in operations):
        return None
    return tuple((each.name, each.namespace, each.schema) for each in operations)


def _shape(asked: Any, numbers: list[int]) -> Any:
    """What is asked without its numbers, which go to the list in order."""
    if isinstance(asked, tuple):
        return tuple(_shape(each, numbers) for each in asked)
    if isinstance(asked, int) and not isinstance(asked, bool):
        numbers.append(asked)
        return int
    return asked


def _lifted(asked: Any, places: list[Any]) -> Any:
    """What is asked, with an expression in the place of each number, in the same order."""
    import ibis

    if isinstance(asked, tuple):
        each = [_lifted(part, places) for part in asked]
        return type(asked)(*each) if hasattr(asked, "_fields") else tuple(each)
    if isinstance(asked, int) and not isinstance(asked, bool):
        places.append(ibis.literal(_FIRST + len(places), type="int64"))
        return places[-1]
    return asked
