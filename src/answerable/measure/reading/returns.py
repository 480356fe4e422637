"""What came back: files of conversations or purchases with columns of returns, refunds, compensations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from answerable.measure.reading import sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast

TOLD = ("returned", "refund", "compensation")


def columns(cast: Cast) -> dict[str, str]:
    """The typed columns of what came back; in a column that there is, nothing written means that there was none."""
    if not any(cast.has(key) for key in TOLD):
        return {}
    return {
        "returned": cast.flag("returned") if cast.has("returned") else "CAST(NULL AS BOOLEAN)",
        **{
            key: f"coalesce({cast.number(key)}, 0)" if cast.has(key) else "CAST(NULL AS DOUBLE)"
            for key in ("refund", "compensation")
        },
    }


def put(
    shelf: Shelf, relation: str, typed: Mapping[str, str], around: Mapping[str, str], where: str = "TRUE",
    same: Sequence[str] = (),
) -> None:  # fmt: skip
    """Rows into `returns`, where the file told of them; `around` are the reference, the instant and the groups."""
    if typed:
        shelf.put("returns", relation, {**around, **{key: sql.name(key) for key in typed}}, where, same)
