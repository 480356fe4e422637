"""Pages of a long list by keyset: each page begins where the last one ended, at the same cost at any depth.

A list is ordered by one column and the primary key, newest first (or, `ascending`, oldest first), and a
cursor names the row it continues from. Cursors are signed and opaque; whoever changes one is told so.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=Model)
Made = TypeVar("Made")

READERS: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
    "int": int,
    "str": str,
}
FORWARD, BACKWARD = "f", "b"


class BadCursor(Http404):
    """The cursor was cut, changed, made for another list, or signed with a key no longer in use."""


@dataclass(frozen=True)
class Page(Generic[Made]):
    """Some rows in the list's order, with the cursors of the pages beside it (None at an end)."""

    rows: Sequence[Made]
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class Cursor:
    """A place in a list: the rows after (or, backward, before) the row with this value and key."""

    value: object
    key: object
    is_backward: bool = False

    def seal(self, salt: str) -> str:
        side = BACKWARD if self.is_backward else FORWARD
        text = json.dumps([side, *_written(self.value), *_written(self.key)], ensure_ascii=False)
        return Signer(salt=salt).sign_object(text)

    @classmethod
    def open(cls, sealed: str, salt: str) -> "Cursor":
        """Raises BadCursor for anything `seal` did not make for the same list."""
        try:
            side, value_type, value, key_type, key = json.loads(Signer(salt=salt).unsign_object(sealed))
            return cls(READERS[value_type](value), READERS[key_type](key), side == BACKWARD)
        except (BadSignature, ValueError, TypeError, KeyError, ArithmeticError):
            message = _("This link into the list is damaged or out of date. Start again from its first page.")
            raise BadCursor(message) from None


def _written(value: object) -> tuple[str, str]:
    name = type(value).__name__
    if name not in READERS:
        raise TypeError(f"A list can't be paged by a {name}; give a column of {', '.join(READERS)}.")
    return name, value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class Order:
    """How a list is ordered: by a column that is null in no row, and within it by the key. `name` is the list's own.

    An index on (column, id) answers in time independent of depth.
    """

    name: str
    column: str
    ascending: bool = False
    size: int = 50

    @property
    def salt(self) -> str:
        return f"web.pager:{self.name}:{self.column}:{'up' if self.ascending else 'down'}"

    def place(self, cursor: str | None) -> Cursor | None:
        """Raises BadCursor, which Django answers with 404 and the reason."""
        return Cursor.open(cursor, self.salt) if cursor else None

    def slice(self, rows: "QuerySet[Any, Made]", place: Cursor | None = None) -> "QuerySet[Any, Made]":
        """`size` rows from the place on, and one more, which tells whether the list goes on."""
        is_backward = place is not None and place.is_backward
        if place is not None:
            rows = rows.filter(_beyond(place, self.column, upwards=self.ascending != is_backward))
        sign = "" if self.ascending != is_backward else "-"
        return rows.order_by(f"{sign}{self.column}", f"{sign}pk")[: self.size + 1]

    def page(self, found: Sequence[Made], place: Cursor | None = None) -> "Page[Made]":
        """What `slice` has found, with the cursors around it. Rows have the column, and their key as `pk`."""
        is_backward = place is not None and place.is_backward
        has_more = len(found) > self.size
        found = found[: self.size]
        if is_backward:
            found = found[::-1]
        if not found:
            return Page(found, None, None)
        goes_on = has_more or is_backward
        goes_back = has_more if is_backward else place is not None
        return Page(
            found,
            next=self._at(found[-1], is_backward=False) if goes_on else None,
            previous=self._at(found[0], is_backward=True) if goes_back else None,
        )

    def _at(self, row: Any, *, is_backward: bool) -> str:
        return Cursor(getattr(row, self.column), row.pk, is_backward).seal(self.salt)


def keyset(
    rows: QuerySet[Row], *, column: str, cursor: str | None = None, size: int = 50, ascending: bool = False
) -> Page[Row]:
    """The page of `rows` that `cursor` names; the first one without it. One query. Raises BadCursor (see Order)."""
    order = Order(rows.model._meta.label_lower, column, ascending, size)
    place = order.place(cursor)
    return order.page(list(order.slice(rows, place)), place)


def _beyond(place: Cursor, column: str, *, upwards: bool) -> Q:
    """Rows past `place`. The first condition alone bounds the index; the second only settles equal values."""
    side = "gt" if upwards else "lt"
    return Q(**{f"{column}__{side}e": place.value}) & (
        Q(**{f"{column}__{side}": place.value}) | Q(**{f"pk__{side}": place.key})
    )
