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
class Page(Generic[Row]):
    """Some rows in the list's order, with the cursors of the pages beside it (None at an end)."""

    rows: Sequence[Row]
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


def keyset(
    rows: QuerySet[Row], *, column: str, cursor: str | None = None, size: int = 50, ascending: bool = False
) -> Page[Row]:
    """The page of `rows` that `cursor` names; the first one without it.

    `column` must not be null in any row; an index on (column, id) answers in time independent of depth. One
    query, of `size` + 1 rows. Raises BadCursor, which Django answers with 404 and the reason.
    """
    salt = f"web.pager:{rows.model._meta.label_lower}:{column}:{'up' if ascending else 'down'}"
    place = Cursor.open(cursor, salt) if cursor else None
    is_backward = place is not None and place.is_backward
    if place is not None:
        rows = rows.filter(_beyond(place, column, upwards=ascending != is_backward))
    sign = "" if ascending != is_backward else "-"
    found = list(rows.order_by(f"{sign}{column}", f"{sign}pk")[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    if is_backward:
        found.reverse()
    if not found:
        return Page(found, None, None)

    def at(row: Row, *, backward: bool) -> str:
        return Cursor(getattr(row, column), row.pk, backward).seal(salt)

    goes_on = has_more or is_backward
    goes_back = has_more if is_backward else place is not None
    return Page(
        found,
        next=at(found[-1], backward=False) if goes_on else None,
        previous=at(found[0], backward=True) if goes_back else None,
    )


def _beyond(place: Cursor, column: str, *, upwards: bool) -> Q:
    """Rows past `place`. The first condition alone bounds the index; the second only settles equal values."""
    side = "gt" if upwards else "lt"
    return Q(**{f"{column}__{side}e": place.value}) & (
        Q(**{f"{column}__{side}": place.value}) | Q(**{f"pk__{side}": place.key})
    )
