"""The example and the tables of docs/policy-document.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import holidays

from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind, Kpi, compile_policy
from tests.core.calendars import local
from tests.core.pages import examples, tables
from tests.core.policy.documents import MINIMAL, compiled

DECISIONS, TARGETS, STEPS = tables("policy-document.md")
(EXAMPLE,) = examples("policy-document.md", "toml")


def public_holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    return holidays.country_holidays(country, subdiv=subdivision, years=year)


def test_what_the_example_decides() -> None:
    policy = compile_policy(EXAMPLE, holidays=public_holidays)
    assert len(DECISIONS) == 5
    for kind, channel, segment, started, key, due in DECISIONS:
        match = policy.standard_for(ClockKind(kind), Facts(channel=channel, segment=segment or None))
        assert match is not None
        assert match.standard.key == key
        assert policy.clock(match.standard, local("Europe/Riga", started)).due_at == local("Europe/Riga", due)


def test_every_kpi_has_its_example_of_a_target() -> None:
    assert [kpi for kpi, _ in TARGETS] == list(Kpi)
    for kpi, target in TARGETS:
        text = MINIMAL.replace(
            'kpi = "first_response"\ntarget = "4 working hours"', f'kpi = "{kpi}"\ntarget = "{target}"'
        )
        assert compiled(text).objectives["soon"].kpi == kpi


def test_every_step_that_the_page_names() -> None:
    head, _, _ = MINIMAL.partition("steps = [")
    for do, to in STEPS:
        step = f'{{ at = "100%", do = "{do}"{f", to = {to!r}" if to else ""} }}'
        policy = compiled(f"{head}steps = [{step}]")
        assert str(policy.chains["usual"].steps[0]) == f"100 % {do} {to}".rstrip()
