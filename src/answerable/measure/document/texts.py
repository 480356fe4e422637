"""What the report says of its indicators: names, definitions, and what each needs."""

from __future__ import annotations

from answerable.measure.words import INDICATORS, gettext_noop

DEFINITIONS = {
    "first_response": gettext_noop(
        "Half of the customers had their first answer from a person within this time. Customers who still wait "
        "are counted with the time they have waited so far, so that leaving questions unanswered cannot make "
        "the figure better (Kaplan-Meier); those whose matter was solved without an answer waited until then."
    ),
    "resolution": gettext_noop(
        "Half of the conversations were solved within this time. Those still open are counted with the time "
        "they have been open so far (Kaplan-Meier). A conversation that came back counts until it was solved last."
    ),
    "csat": gettext_noop(
        "Of the customers who rated a conversation from 1 to 5, the share who gave 4 or 5 (top two box)."
    ),
    "nps": gettext_noop(
        "The share of customers who would recommend with 9 or 10, less the share of those who answered 0 to 6, in "
        "points from -100 to 100."
    ),
    "ces": gettext_noop("The share of customers who agree (5 to 7 of 7) that it was easy to get their matter solved."),
    "retention": gettext_noop(
        "Of the customers who were active in the window before the period, the share who were active in the period "
        "too. Who comes back from earlier than that window counts as new."
    ),
    "servqual": gettext_noop(
        "What customers perceive less what they expect, in points of the scale, averaged per person and dimension. "
        "Below zero, the service falls short of what is expected."
    ),
    "engagement": gettext_noop(
        "The mean, over people, of the share of questions that each answered with 4 or 5 of 5. Groups of fewer than "
        "five people are never shown."
    ),
    "reopened": gettext_noop("Of the conversations that were solved, the share that the customer opened again."),
    "refunds": gettext_noop("Of all amounts, the share below zero: what was given back."),
    "returned": gettext_noop("Of all conversations or purchases in the files that tell it, the share with a return."),
    "refunded": gettext_noop(
        "Of all conversations or purchases in the files that tell it, the share after which money was given back, as a "
        "refund or a compensation."
    ),
    "first_response_compliance": gettext_noop(
        "Of all first answers that fell due, the share given in time. One that never came is missed; one that "
        "is not due yet waits outside, even if it was given early."
    ),
    "next_response_compliance": gettext_noop(
        "Of all further answers that fell due, the share given in time, counted from the customer's oldest "
        "message without an answer."
    ),
    "resolution_compliance": gettext_noop(
        "Of all solutions that fell due, the share given in time. Time while it was the customer's turn does "
        "not count where the promise says so."
    ),
}
CLOCKS = {
    "business": gettext_noop("Counted in business hours, on the day the customer wrote."),
    "calendar": gettext_noop("Counted by the calendar, nights and holidays included, on the day the customer wrote."),
}
UNDATED = gettext_noop("no dates: the files do not say when")
WRONG = gettext_noop("Data errors: left out of the indicator they concern, never repaired")
PERIOD_EMPTY = gettext_noop("nothing in this period")
PROXY = gettext_noop("A proxy: {what}.")


def name_of(indicator: str) -> str:
    """An indicator's name in English."""
    return INDICATORS.get(indicator, indicator)
