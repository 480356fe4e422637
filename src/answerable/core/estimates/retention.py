"""Retention: of the customers at the start, how many are still there at the end; and who bought twice."""

from __future__ import annotations

from answerable.core.estimates.estimate import CONFIDENCE, Definition, Estimate
from answerable.core.estimates.share import share

RETENTION = Definition("retention.rate", 1)
REPEAT_PURCHASE = Definition("retention.repeat_purchase.two_days", 1)


def retention(start: int, end: int, new: int, *, confidence: float = CONFIDENCE) -> Estimate:
    """(E - N) / S: customers at the end less the new ones, over those at the start.

    `start`, `end` count the customers active in the base and in the end window, `new` those of the end
    window who were not active in the base window, whether or not they had ever been seen before: E - N
    are then those active in both, and the rate is a share of S with Wilson's interval.
    Source: the customer retention rate of Farris et al. (2010), Marketing Metrics, chapter 5.

    Raises ValueError on counts that cannot be: new ones beyond the end's, or more kept than there were.
    The second is what "new = never seen before" leads to, and is not cut to 100 %.
    """
    if min(start, end, new) < 0:
        raise ValueError(f"Retention: a count cannot be negative: S {start}, E {end}, N {new}.")
    if new > end:
        raise ValueError(f"Retention: {new} new customers among {end} at the end.")
    if end - new > start:
        raise ValueError(
            f"Retention over 100 %: {end} at the end less {new} new are {end - new}, but only {start} were there at "
            "the start. Count as new everybody who was not active in the base window."
        )
    return share(end - new, start, RETENTION, confidence=confidence)


def repeat_purchase(again: int, customers: int, *, confidence: float = CONFIDENCE) -> Estimate:
    """The share of customers who bought on two distinct days or more.

    Two receipts of one day are one visit. Raises ValueError unless 0 <= again <= customers.
    """
    return share(again, customers, REPEAT_PURCHASE, confidence=confidence)
