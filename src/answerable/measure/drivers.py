"""What satisfaction goes with: Shapley shares of what is known of a conversation in the scores it was given.

The engine sends counts, sums and products of complete rows; no row leaves it. See docs/measures/drivers.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any

import numpy as np

from answerable.core.drivers import Drivers, drivers
from answerable.measure.kpi.csat import population as ratings
from answerable.measure.kpi.dated import inside, spans
from answerable.measure.preparation import COUNTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.kpi.dated import Spans
    from answerable.measure.period import Period

OF_CONVERSATIONS = ("first_response", "resolution", "reopened")


@dataclass(frozen=True, slots=True)
class Driving:
    """The drivers of an outcome, of how many complete rows; or why there are none (`refused`).

    `still` names what is the same in every row, such as reopenings where nothing was reopened: nothing can be told
    of it, and it stands in nobody's way.
    """

    outcome: str
    drivers: Drivers | None
    n: int
    refused: str | None = None
    still: tuple[str, ...] = ()


def of_satisfaction(facts: Facts, period: Period, clock: str = "business") -> Driving | None:
    """CSAT scores by how long the customer waited (logarithm of seconds) and whether the conversation came back.

    Of rated conversations that were answered and solved. None without conversations or ratings.
    """
    if facts.conversations is None or facts.ratings is None:
        return None
    found = facts.ask(_sums, (facts.ratings, facts.conversations), spans([period]), clock).to_pylist()[0]
    return _driving(found, "csat", OF_CONVERSATIONS)


def _sums(rated: ir.Table, known: ir.Table, spans: Spans, clock: str) -> ir.Table:
    """Sums over the complete rows of the score and of what may drive it, and of the products of each two."""
    rows = inside(ratings(rated), spans)
    rows = rows.filter(rows.score.notnull()).select("conversation_id", "score")
    known = known.filter(
        (known.standing == COUNTED) & known.first_response_ended & known.resolution_ended
        & (known.first_response_error == 0) & (known.resolution_error == 0)
    )  # fmt: skip
    known = known.select(
        "conversation_id",
        first_response=(known[f"first_response_{clock}"] + 1).cast("float64").ln(),
        resolution=(known[f"resolution_{clock}"] + 1).cast("float64").ln(),
        reopened=known.reopened.cast("float64"),
    )
    joined = rows.join(known, "conversation_id")
    joined = joined.select(outcome=joined.score.cast("float64"), **{name: joined[name] for name in OF_CONVERSATIONS})
    columns = ("outcome", *OF_CONVERSATIONS)
    joined = joined.drop_null(list(columns), how="any")
    sums: Mapping[str, ir.Value] = {
        "n": joined.count(),
        **{name: joined[name].sum() for name in columns},
        **{f"{i}_{j}": (joined[columns[i]] * joined[columns[j]]).sum()
           for i, j in combinations_with_replacement(range(len(columns)), 2)},
    }  # fmt: skip
    return joined.agg(**sums)


def _driving(found: Mapping[str, Any], outcome: str, names: tuple[str, ...]) -> Driving:
    """The drivers of `outcome` from sums over the complete rows."""
    columns = ("outcome", *names)
    n = int(found["n"])
    if n < 2:
        return Driving(outcome, None, n, "too few complete rows")
    totals = np.array([found[name] for name in columns])
    size = len(columns)
    products = np.array([[found[f"{min(i, j)}_{max(i, j)}"] for j in range(size)] for i in range(size)])
    covariance = (products - np.outer(totals, totals) / n) / (n - 1)
    # Beside its mean square, what sums of equal values leave behind is rounding.
    varies = np.diag(covariance) > 1e-12 * np.diag(products)
    varying = [0, *(place for place in range(1, size) if varies[place])]
    moving = tuple(columns[place] for place in varying[1:])
    still = tuple(name for name in names if name not in moving)
    if not moving:
        return Driving(outcome, None, n, "nothing varies that it could go with", still)
    try:
        return Driving(outcome, drivers(covariance[np.ix_(varying, varying)], moving, n), n, still=still)
    except ValueError as error:
        return Driving(outcome, None, n, str(error), still)
