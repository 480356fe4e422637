"""Files of what customers did: customer, date, amount."""

from __future__ import annotations

from answerable.measure.reading import sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, whole
from answerable.measure.reading.dates import local_day
from answerable.measure.reading.part import Part


def build(shelf: Shelf, part: Part, cast: Cast) -> None:
    """Rows of one part into `activity`, by the local day."""
    source = cast.mapping.columns["customer"].column
    columns = {
        "customer": cast.identifier("customer", whole(shelf.con, cast.staged.relation, source)),
        "date": cast.instant("date", required=True),
        "amount": cast.number("amount"),
        "segment": cast.word("segment"),
        "region": cast.word("region"),
    }
    cast.need("customer")
    day = local_day("date", cast.forms.zone)
    relation = shelf.build(part, cast, columns)
    kept = {key: sql.name(key) for key in columns if key != "date"} | {"day": day}
    shelf.put("activity", relation, kept, same=("customer", "day", "coalesce(amount, 0)"))
    shelf.seen(relation, ("date",))
