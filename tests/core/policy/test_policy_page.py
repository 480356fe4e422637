"""The examples and the tables of docs/policy.md."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date

import holidays
import pytest

from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind, Kpi, Policy, PolicyErrors, compile_policy
from answerable.core.policy.positions import Path, locate
from tests.core.calendars import local
from tests.core.pages import examples, tables
from tests.core.policy.documents import MINIMAL, compiled, mistakes

SHOP_DECIDES, BANK_DECIDES, SETTINGS, TARGETS, STEPS, DEAD_ENDS = tables("policy.md")
SHOP, BANK = examples("policy.md", "toml")
KNOWN = {"team": ["second-line"], "staffed": ["second-line"], "user": ["alice@example.com", "bob@example.com"]}


def public_holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    return holidays.country_holidays(country, subdiv=subdivision, years=year)


def policy_of(text: str) -> Policy:
    return compile_policy(text, holidays=public_holidays, known=KNOWN | {"segment": ["premium"]})


def test_what_the_shop_decides() -> None:
    policy = policy_of(SHOP)
    assert len(SHOP_DECIDES) == 5
    for kind, channel, started, key, due in SHOP_DECIDES:
        match = policy.standard_for(ClockKind(kind), Facts(channel=channel))
        assert match is not None
        assert match.standard.key == key
        assert policy.clock(match.standard, local("Europe/Riga", started)).due_at == local("Europe/Riga", due)


def test_what_the_bank_decides() -> None:
    policy = policy_of(BANK)
    zones = {"LV": "Europe/Riga", "GE": "Asia/Tbilisi", "KZ": "Asia/Almaty", "": "Europe/Riga"}
    assert len(BANK_DECIDES) == 9
    for kind, segment, region, started, key, hours, due in BANK_DECIDES:
        match = policy.standard_for(ClockKind(kind), Facts(segment=segment or None, region=region or None))
        assert match is not None
        assert (match.standard.key, match.standard.hours) == (key, hours)
        zone = zones[region.upper()]
        assert policy.clock(match.standard, local(zone, started)).due_at == local(zone, due)


def test_the_examples_use_every_setting_and_no_other() -> None:
    used: set[tuple[str, str]] = set()
    for text in (SHOP, BANK):
        values = tomllib.loads(text)
        used |= {("", key) for key, value in values.items() if isinstance(value, str)}
        for noun, parts in values.items():
            if not isinstance(parts, str):
                each_part = parts.values() if isinstance(parts, dict) else parts
                used |= {(noun, key) for part in each_part for key in part}
    weekdays = {("hours", day) for day in ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
    assert used - weekdays == {(noun, key) for noun, key, _, _ in SETTINGS}


def without(text: str, path: Path) -> str:
    """The document without a setting. A table under its own heading loses only its heading's meaning: not asked."""
    place = locate(text)[path]
    return text[: place.key] + text[place.end :]


@pytest.mark.parametrize(("noun", "key", "needed", "_what"), SETTINGS)
def test_what_is_needed_and_what_may_be_left_out(noun: str, key: str, needed: str, _what: str) -> None:
    values = tomllib.loads(BANK)
    if not noun:
        paths: list[Path] = [(key,)]
    elif noun == "hours":
        paths = [(noun, name, key) for name in values[noun]]
    else:
        paths = [(noun, number, key) for number in range(len(values[noun]))]
    places = locate(BANK)
    written = [path for path in paths if path in places and BANK[places[path].key] != "["]
    for path in written:
        try:
            policy_of(without(BANK, path))
        except PolicyErrors as errors:
            is_needed = any("is missing" in error.problem for error in errors.errors)
        else:
            is_needed = False
        assert is_needed == (needed == "needed" or key == "otherwise"), path


def test_every_kpi_has_its_example_of_a_target() -> None:
    assert [kpi for kpi, _ in TARGETS] == list(Kpi)
    for kpi, target in TARGETS:
        text = MINIMAL.replace(
            'kpi = "first_response"\ntarget = "4 working hours"', f'kpi = "{kpi}"\ntarget = "{target}"'
        )
        assert compiled(text).objectives["soon"].kpi == kpi


def ending(do: str, to: str, *more: str) -> str:
    """The small document whose chain has this step, and more."""
    head, _, _ = MINIMAL.partition("steps = [")
    step = f'{{ at = "100%", do = "{do}"{f", to = {to!r}" if to else ""} }}'
    return f"{head}steps = [{', '.join([step, *more])}]"


def test_every_step_that_the_page_names() -> None:
    for do, to in STEPS:
        policy = compiled(ending(do, to, '{ at = "110%", do = "notify", to = "lead" }'))
        assert str(policy.chains["usual"].steps[0]) == f"100 % {do} {to}".rstrip()


def test_the_chains_that_end_nowhere() -> None:
    for step, reason in DEAD_ENDS:
        do, _, to = step.partition(" ")
        (found,) = mistakes(ending(do, to))
        assert f"The chain ends nowhere: {reason}." in found
