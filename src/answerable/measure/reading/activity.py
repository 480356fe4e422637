"""Files of what customers did: customer, date, amount."""

from __future__ import annotations

from answerable.measure.reading import returns, sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, whole
from answerable.measure.reading.dates import local_day
from answerable.measure.reading.part import Part
from answerable.measure.reading.statuses import FAILED

_ENOUGH, _LOOKED_AT = 50, 10_000
"""So many purchases, and nobody bought again: it is not the customers that are numbered."""
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
        "ordered": cast.word("order"),
        "status": cast.word("status"),
        "failed": f"coalesce(lower({cast.word('status')}) IN ({sql.literals(FAILED)}), FALSE) "
        f"OR ({cast.word('cancelled_at')}) IS NOT NULL",
    }
    back = returns.columns(cast)
    cast.need("customer")
    day = local_day("date", cast.forms.zone)
    relation = shelf.build(part, cast, columns | back)
    shelf.again["failed"] = _failed(shelf, cast, relation)
    shelf.again["given_back"] = _given_back(shelf, cast, relation)
    kept = {key: sql.name(key) for key in columns if key not in ("date", "failed", "ordered", "status")} | {"day": day}
    shelf.put("activity", relation, kept, same=("customer", "day", "coalesce(amount, 0)"))
    around = {key: sql.name(key) for key in ("segment", "region", "currency")}
    returns.put(shelf, relation, back, around | {"reference": "customer", "at": "date"}, _first_lines(relation), SAME)
    shelf.seen(relation, ("date",))


def numbers_orders(shelf: Shelf) -> bool:
    """Whether no customer of all files came on a second day, or twice on one: their numbers are those of orders, or of
    a list of customers, and tell nothing of who came back. Then none of them counts."""
    if shelf.counts.get("activity", 0) < _ENOUGH:
        return False
    for rows in (f"(FROM activity LIMIT {_LOOKED_AT})", "activity"):
        alone = f"SELECT count(*) = count(DISTINCT customer) FROM {rows}"
        if not shelf.con.execute(alone).fetchall()[0][0]:
            return False
    shelf.con.execute("DELETE FROM activity")
    shelf.counts["activity"] = 0
    return True


def _given_back(shelf: Shelf, cast: Cast, relation: str) -> int:
    """How many rows have an amount below zero."""
    if not cast.has("amount"):
        return 0
    return int(shelf.con.execute(f"SELECT count(*) FROM {sql.name(relation)} WHERE amount < 0").fetchall()[0][0])


def _failed(shelf: Shelf, cast: Cast, relation: str) -> int:
    """Take out the purchases that came to nothing, with the lines of an order that say nothing of their own; how many
    they were."""
    table = sql.name(relation)
    if cast.has("order"):
        shelf.con.execute(
            f"UPDATE {table} SET failed = TRUE FROM (SELECT DISTINCT customer, ordered FROM {table} WHERE failed) other"
            f" WHERE {table}.customer = other.customer AND {table}.ordered = other.ordered AND status IS NULL "
            "AND amount IS NULL"
        )
    count = f"SELECT count(DISTINCT coalesce(ordered, 'row ' || row)) FROM {table} WHERE failed"
    found = int(shelf.con.execute(count).fetchall()[0][0])
    shelf.con.execute(f"DELETE FROM {table} WHERE failed")
    return found


def _first_lines(relation: str) -> str:
    """A line of an order below its first, and without an amount, is no purchase of its own that could come back."""
    firsts = f"SELECT min(row) FROM {sql.name(relation)} GROUP BY customer, ordered"
    return f"ordered IS NULL OR amount IS NOT NULL OR row IN ({firsts})"
