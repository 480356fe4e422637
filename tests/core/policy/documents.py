"""Policy documents and holidays that the tests share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from answerable.core.policy import Policy, PolicyErrors, compile_policy

KNOWN_PLACES = {("LV", None), ("EE", None), ("ES", "MD"), ("GE", None), ("KZ", None)}

MINIMAL = """\
title = "Service"
mission = "We answer soon. We solve."
language = "en"

[hours.office]
time_zone = "Europe/Riga"
monday = ["09:00-18:00"]
tuesday = ["09:00-18:00"]
wednesday = ["09:00-18:00"]
thursday = ["09:00-18:00"]
friday = ["09:00-17:00"]

[[objective]]
key = "soon"
sentence = "Answers come soon."
serves = "We answer soon."
kpi = "first_response"
target = "4 working hours"

[[standard]]
key = "first"
promise = "We answer within 4 working hours."
objective = "soon"
clock = "first_response"
within = "4 hours"
hours = "office"
escalation = "usual"

[[escalation]]
key = "usual"
steps = [
    { at = "50%", do = "notify", to = "assignee" },
    { at = "100%", do = "raise_priority" },
    { at = "150%", do = "reassign", to = "team:second-line" },
]
"""


def holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """New Year everywhere, and a day of the place's own."""
    if (country, subdivision) not in KNOWN_PLACES:
        raise LookupError(country)
    return {date(year, 1, 1): "New Year", date(year, 5, 2): f"Day of {country}"}


def compiled(text: str, **known: list[str]) -> Policy:
    return compile_policy(text, holidays=holidays, known=known)


def mistakes(text: str | bytes, **known: list[str]) -> list[str]:
    """Every mistake of a document, as people read them."""
    try:
        compile_policy(text, holidays=holidays, known=known)
    except PolicyErrors as errors:
        return [str(error) for error in errors.errors]
    return []
