"""Files of what customers did: customer, date, amount."""

from __future__ import annotations

from answerable.measure.reading import returns, sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, whole
from answerable.measure.reading.dates import local_day
from answerable.measure.reading.part import Part

FAILED = ("failed", "declined", "canceled", "cancelled", "voided", "void", "expired", "unpaid", "rejected", "abandoned")
"""What a purchase is called that came to nothing."""
SAME = ("reference", '"at"', "coalesce(refund, 0)", "coalesce(compensation, 0)")
"""By what a purchase that several files tell of is known for one."""


def build(shelf: Shelf, part: Part, cast: Cast) -> None:
    """Rows of one part into `activity`, by the local day."""
    source = cast.mapping.columns["customer"].column
    columns = {
        "customer": cast.identifier("customer", whole(shelf.con, cast.staged.relation, source)),
        "date": cast.instant("date", required=True),
        "amount": cast.number("amount"),
        "segment": cast.word("segment"),
        "region": cast.word("region"),
        "currency": cast.word("currency"),
        "failed": f"coalesce(lower({cast.word('status')}) IN ({sql.literals(FAILED)}), FALSE)",
    }
    back = returns.columns(cast)
    cast.need("customer")
    day = local_day("date", cast.forms.zone)
    relation = shelf.build(part, cast, columns | back)
    gone = shelf.con.execute(f"DELETE FROM {sql.name(relation)} WHERE failed").fetchall()[0][0]
    shelf.again["failed"] = int(gone)
    kept = {key: sql.name(key) for key in columns if key not in ("date", "failed")} | {"day": day}
    shelf.put("activity", relation, kept, same=("customer", "day", "coalesce(amount, 0)"))
    around = {key: sql.name(key) for key in ("segment", "region", "currency")}
    returns.put(shelf, relation, back, around | {"reference": "customer", "at": "date"}, same=SAME)
    shelf.seen(relation, ("date",))
