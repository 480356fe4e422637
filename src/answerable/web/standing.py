"""Queries that are asked with every page: written by the ORM once, planned by PostgreSQL once a connection.

Where pages are read all day, the ORM takes longer to write a query than the database to answer it, and the database
longer to plan it than to carry it out. A standing query leaves open what differs from page to page and keeps the rest:

    MESSAGES = Standing(lambda: Message.objects.filter(conversation=Given("conversation")).order_by("id"))
    MESSAGES.rows(conversation=42)

What is not given stands in its text, so that the planner sees it, as partial indexes need. So a query that depends on
who asks is kept once for each choice of teams, in an `lru_cache`.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import BooleanField, Expression, Field, JSONField, Model, QuerySet
from django.db.models.query import get_related_populators

from answerable.events.prepared import ask as ask

Row = TypeVar("Row", bound=Model)


class Given(Expression):
    """What a standing query is told each time it is asked, by its name."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


class Among(Given):
    """A condition: the row's key, or that of the row which its `field` names, is one of the keys given."""

    def __init__(self, name: str, model: type[Model], field: str = "") -> None:
        super().__init__(name, BooleanField())
        named: Any = model._meta.get_field(field) if field else model._meta.pk
        self.column = f'"{model._meta.db_table}"."{named.column}"'

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return f"{self.column} = ANY(%s)", (self,)


class Text(NamedTuple):
    """A query as PostgreSQL gets it, and the names of its open values in order."""

    sql: str
    given: tuple[str, ...]

    def values(self, given: dict[str, object]) -> list[object]:
        """In order."""
        return [given[name] for name in self.given]


def text(sql: str, parameters: Iterable[Any]) -> Text:
    """`sql` with its parameters written into it, but for those that are given later."""
    open_values = [one for one in parameters if isinstance(one, Given)]
    written = ["%s" if isinstance(one, Given) else _literal(one) for one in parameters]
    return Text(sql % tuple(written) if written else sql, tuple(one.name for one in open_values))


def _literal(value: object) -> str:
    return str(mogrify("%s", [value], connection)).replace("%", "%%")


class Columns(NamedTuple):
    """How columns become instances of a model: which are its `own`, with their names, what fills in those selected with
    it, which are annotations, and what Django makes of some. JSON psycopg has read by then."""

    model: Any
    own: slice
    names: list[str]
    populators: list[Any]
    annotations: list[tuple[str, int]]
    converters: dict[int, Any]


class Standing(Generic[Row]):
    """A query set with `Given` values; `made` is called once, when it is first asked."""

    def __init__(self, made: Callable[[], "QuerySet[Row, Any]"]) -> None:
        self._made = made
        self._writing = Lock()
        self._written: tuple[Any, Text | None] | None = None

    def _write(self) -> tuple[Any, Text | None]:
        """The ORM's compiler, which knows how columns become rows, and what it has written: nothing if no row can fit.

        By one thread, since compilers are not made for two; the others wait for it.
        """
        if self._written is None:
            with self._writing:
                if self._written is None:
                    compiler = self._made().query.get_compiler(DEFAULT_DB_ALIAS)
                    try:
                        self._written = compiler, text(*compiler.as_sql())
                    except EmptyResultSet:
                        self._written = compiler, None
        return self._written

    @property
    def _compiler(self) -> Any:
        return self._write()[0]

    @property
    def _text(self) -> Text | None:
        return self._write()[1]

    @cached_property
    def _made_of(self) -> "Columns":
        compiler = self._compiler
        made, select = compiler.klass_info, compiler.select
        start, end = made["select_fields"][0], made["select_fields"][-1] + 1
        converters = compiler.get_converters([column[0] for column in select])
        return Columns(
            made["model"],
            slice(start, end),
            [column[0].target.attname for column in select[start:end]],
            get_related_populators(made, select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg] # as in 5.2
            list((compiler.annotation_col_map or {}).items()),
            {place: one for place, one in converters.items() if not isinstance(one[1].output_field, JSONField)},
        )

    def values(self, **given: object) -> list[tuple[Any, ...]]:
        """The columns as PostgreSQL gives them, for a query set of `values_list`."""
        return ask(self._text.sql, self._text.values(given)) if self._text else []

    def rows(self, **given: object) -> list[Row]:
        """Instances, with what was selected and annotated with them."""
        return list(self._instances(given))

    def first(self, **given: object) -> Row | None:
        return next(self._instances(given), None)

    def _instances(self, given: dict[str, object]) -> Iterator[Row]:
        """As django.db.models.query.ModelIterable makes them."""
        if self._text is None:
            return
        found = ask(self._text.sql, self._text.values(given))
        if not found:
            return
        model, own, names, populators, annotations, converters = self._made_of
        for row in self._compiler.apply_converters(found, converters) if converters else found:
            instance = model.from_db(DEFAULT_DB_ALIAS, names, row[own])
            for populator in populators:
                populator.populate(row, instance)
            for name, place in annotations:
                setattr(instance, name, row[place])
            yield instance
