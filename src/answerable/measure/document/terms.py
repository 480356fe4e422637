"""What kinds of file, their columns, their traits and the methods of estimates are called in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from answerable.measure.document.pen import Pen
    from answerable.measure.reading.mapping import Item

KINDS = {
    "conversations": gettext_noop("conversations"),
    "events": gettext_noop("an event log"),
    "ratings": gettext_noop("ratings"),
    "survey": gettext_noop("a survey"),
    "activity": gettext_noop("what customers did"),
    "ignore": gettext_noop("nothing that the report measures"),
}
FORMATS = {
    "csv": "CSV", "json": "JSON", "xlsx": "XLSX", "xes": "XES", "parquet": "Parquet", "html": "HTML",
    "spreadsheetml": "Excel XML",
}  # fmt: skip
COLUMNS = {
    "conversation_id": gettext_noop("conversation"),
    "started_at": gettext_noop("when it began"),
    "first_responded_at": gettext_noop("when it was first answered"),
    "first_response_seconds": gettext_noop("time to the first answer"),
    "first_response_business_seconds": gettext_noop("time to the first answer, in business time"),
    "solved_at": gettext_noop("when it was solved"),
    "resolution_seconds": gettext_noop("time to the solution"),
    "resolution_business_seconds": gettext_noop("time to the solution, in business time"),
    "status": gettext_noop("status"),
    "reopened_count": gettext_noop("how often it was opened again"),
    "opened_by": gettext_noop("who began it"),
    "spam": gettext_noop("whether it is spam"),
    "merged_into": gettext_noop("into which it was merged"),
    "score": gettext_noop("rating"),
    "invited": gettext_noop("whether the customer was asked"),
    "invited_at": gettext_noop("when the customer was asked"),
    "rated_at": gettext_noop("when it was rated"),
    "last_seen_at": gettext_noop("last change"),
    "agent": gettext_noop("agent"),
    "agent_id": gettext_noop("number of the agent"),
    "team": gettext_noop("team"),
    "team_id": gettext_noop("number of the team"),
    "channel": gettext_noop("channel"),
    "segment": gettext_noop("segment"),
    "region": gettext_noop("region"),
    "language": gettext_noop("language"),
    "priority": gettext_noop("priority"),
    "activity": gettext_noop("activity"),
    "at": gettext_noop("when"),
    "respondent": gettext_noop("who answered"),
    "instrument": gettext_noop("questionnaire"),
    "item": gettext_noop("question"),
    "part": gettext_noop("expected or perceived"),
    "value": gettext_noop("answer"),
    "customer": gettext_noop("customer"),
    "date": gettext_noop("day"),
    "order": gettext_noop("number of the order"),
    "cancelled_at": gettext_noop("when it was cancelled"),
    "amount": gettext_noop("amount"),
    "returned": gettext_noop("whether something was sent back"),
    "refund": gettext_noop("money given back"),
    "compensation": gettext_noop("money given for the trouble"),
    "currency": gettext_noop("currency"),
}
"""By the names that map.toml has for them (reading/mapping.py)."""
ROLES = {
    "asked": gettext_noop("the customer asked"),
    "answered": gettext_noop("answered"),
    "solved": gettext_noop("solved"),
    "reopened": gettext_noop("opened again"),
}
UNITS = {
    "milliseconds": gettext_noop("in milliseconds"),
    "seconds": gettext_noop("in seconds"),
    "minutes": gettext_noop("in minutes"),
    "hours": gettext_noop("in hours"),
    "days": gettext_noop("in days"),
    "hh:mm:ss": gettext_noop("hours, minutes and seconds"),
}
PARTS = {
    "score": gettext_noop("Score"),
    "expectation": gettext_noop("Expected"),
    "perception": gettext_noop("Perceived"),
    "weight": gettext_noop("Weight"),
}
DIMENSIONS = {
    "tangibles": gettext_noop("Tangibles"),
    "reliability": gettext_noop("Reliability"),
    "responsiveness": gettext_noop("Responsiveness"),
    "assurance": gettext_noop("Assurance"),
    "empathy": gettext_noop("Empathy"),
}
TRAITS = {
    "encoding": gettext_noop("Encoding"),
    "delimiter": gettext_noop("Delimiter"),
    "decimal": gettext_noop("Decimal mark"),
    "zone": gettext_noop("Time zone"),
    "first": gettext_noop("First in a date"),
    "system": gettext_noop("Export of"),
    "instrument": gettext_noop("Questionnaire"),
    "sheet": gettext_noop("Sheet"),
    "header": gettext_noop("Header"),
}
_VALUES = {
    "delimiter": {
        "\t": gettext_noop("tab"),
        ",": gettext_noop("comma"),
        ";": gettext_noop("semicolon"),
        "|": gettext_noop("vertical bar"),
        "spaces": gettext_noop("spaces"),
    },
    "decimal": {",": gettext_noop("comma"), ".": gettext_noop("point")},
    "first": {"day": gettext_noop("day"), "month": gettext_noop("month")},
    "header": {"none": gettext_noop("there is none")},
    "instrument": {
        "csat": "CSAT",
        "nps": "NPS",
        "ces": "CES",
        "servqual": "SERVQUAL",
        "engagement": gettext_noop("Employee engagement"),
    },
}
METHODS = (
    gettext_noop("Wilson score interval (Wilson 1927)"),
    gettext_noop("Student's t interval (Student 1908)"),
    gettext_noop("Student's t interval of a weighted sum of means, pairwise covariances"),
    gettext_noop("Kaplan-Meier (1958), log-log interval (Brookmeyer and Crowley 1982)"),
    gettext_noop("type 7 percentile (Hyndman and Fan 1996); binomial interval of ranks (Hahn and Meeker 1991)"),
    gettext_noop("adjusted Wald interval (Rocks 2016)"),
    gettext_noop("normal quantile, Wilson score interval (Wilson 1927)"),
    gettext_noop("Cronbach's alpha (1951) of pairwise covariances, Feldt's interval (1965)"),
    gettext_noop("least squares; asymptotic interval (Olkin and Finn 1995)"),
    gettext_noop("rule of three (Hanley and Lippman-Hand 1983)"),
)
"""What the core calls its methods, so that they are translated; it knows of no languages."""

SCOPES = (
    gettext_noop("Canada; Australia"),
    gettext_noop("Europe"),
    gettext_noop("UK all-sector"),
    gettext_noop("UK contact centres"),
    gettext_noop("US"),
    gettext_noop("US TV/Internet"),
    gettext_noop("US TV/Internet (lowest)"),
    gettext_noop("US TV/Internet providers (lowest)"),
    gettext_noop("US airlines"),
    gettext_noop("US auto dealers (highest of 20)"),
    gettext_noop("US auto dealers; streaming (highest)"),
    gettext_noop("US car rental"),
    gettext_noop("US consumer payment (lowest)"),
    gettext_noop("US consumer payments (lowest)"),
    gettext_noop("US grocery (highest of 22)"),
    gettext_noop("US internet service providers"),
    gettext_noop("US national"),
    gettext_noop("US streaming media; US retail"),
    gettext_noop("United Kingdom"),
    gettext_noop("all (Hive HR customers)"),
    gettext_noop("all industries (range 39-91)"),
    gettext_noop("global"),
    gettext_noop("global all industries"),
    gettext_noop("live chat"),
    gettext_noop("live chat typical company"),
)
"""Whom the published figures shipped here are about (benchmarks/published.csv)."""
DEPARTURES = {"pairs": gettext_noop("the number of pairs"), "scale": gettext_noop("the scale"), **DIMENSIONS}


def column(key: str, pen: Pen) -> str:
    """What a column means, with its name in map.toml."""
    return f"{pen(COLUMNS[key])} ({key})" if key in COLUMNS else key


def item(of: Item, pen: Pen) -> str:
    """A question with what it asks for, and its dimension."""
    said = pen(DIMENSIONS.get(of.item, of.item))
    inside = [pen(PARTS.get(of.part, of.part))]
    if of.dimension is not None and of.dimension != of.item:
        inside.append(pen(DIMENSIONS.get(of.dimension, of.dimension)))
    return f"{said} ({', '.join(inside)})"


def trait(key: str, value: str, pen: Pen) -> str:
    """The value of a trait in words."""
    return pen(_VALUES.get(key, {}).get(value, value))
