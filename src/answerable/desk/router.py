"""Routing as it runs: the worker calls `route_due` whenever something happens, and as offers lapse."""

from answerable.desk.actions.offers import end_offers, offer_waiting
from answerable.desk.actions.overflow import overflow
from answerable.desk.models import TeamRouting


def route_due() -> float | None:
    """End offers, hand on what overflows, offer what waits. Seconds until the next offer lapses (None: none stands).

    Where no team wants to be routed, two statements.
    """
    end_offers()
    rules = list(
        TeamRouting.objects.filter(automatic_since__isnull=False, team__retired_at=None).select_related(
            "team", "overflow_to"
        )
    )
    if rules:
        overflow(rules)
        offer_waiting(rules)
    return end_offers() if rules else None
