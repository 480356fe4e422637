"""A compiled policy: the standard for a conversation and why, clocks, the default document."""

from __future__ import annotations

import tomllib
from datetime import timedelta

import pytest

from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind, PolicyErrors, Verdict, default_policy, replace_values
from answerable.core.policy.within import Unit, Within
from answerable.core.policy.words import duration_words, reason_words, within_words
from tests.core.calendars import local
from tests.core.policy.documents import MINIMAL, compiled

MORE = """
[[standard]]
key = "gold-email"
promise = "Gold customers have an answer within an hour."
objective = "soon"
clock = "first_response"
within = "1 hour"
hours = "office"
when = { channel = ["email"], segment = ["gold", "platinum"] }

[[standard]]
key = "email"
promise = "We answer e-mail within 3 hours."
objective = "soon"
clock = "first_response"
within = "3 hours"
hours = "office"
when = { channel = ["email"] }

[[standard]]
key = "latvian"
promise = "Atbildam divās stundās."
objective = "soon"
clock = "first_response"
within = "2 hours"
hours = "office"
when = { language = ["lv"] }

[[standard]]
key = "solve"
promise = "We solve within 2 working days."
objective = "soon"
clock = "resolution"
within = "2 working days"
hours = "office"
"""
POLICY = compiled(MINIMAL + MORE)


@pytest.mark.parametrize(
    ("facts", "key", "reason"),
    [
        (
            Facts(channel="email", segment="gold", language="lv"),
            "gold-email",
            (
                "It applies because the channel is email and the segment is gold or platinum; more specific than "
                "“We answer within 4 working hours”, “We answer e-mail within 3 hours”, “Atbildam divās stundās”."
            ),
        ),
        (
            Facts(channel="email", language="lv"),
            "email",
            (
                "It applies because the channel is email; more specific than “We answer within 4 working hours”; "
                "before “Atbildam divās stundās” in the document."
            ),
        ),
        (Facts(channel="chat"), "first", "It applies to every conversation."),
    ],
)
def test_the_most_specific_standard_applies_and_says_why(facts: Facts, key: str, reason: str) -> None:
    match = POLICY.standard_for(ClockKind.FIRST_RESPONSE, facts)
    assert match is not None
    assert match.standard.key == key
    assert match.calendar is POLICY.hours["office"]
    assert reason_words(match) == reason
    assert POLICY.standard_for(ClockKind.FIRST_RESPONSE, facts) is match, "remembered"


def test_hours_have_a_title_in_the_languages_of_their_readers() -> None:
    said = compiled(MINIMAL.replace("[hours.office]", '[hours.office]\ntitle = { en = "At work", lv = "Darbā" }'))
    assert said.hours["office"].title == {"en": "At work", "lv": "Darbā"}
    assert POLICY.hours["office"].title == {}
    with pytest.raises(PolicyErrors, match="has no sentence in en"):
        compiled(MINIMAL.replace("[hours.office]", '[hours.office]\ntitle = { lv = "Darbā" }'))


def test_what_was_considered_is_told() -> None:
    match = POLICY.standard_for(ClockKind.FIRST_RESPONSE, Facts(channel="email"))
    assert match is not None
    assert [(each.standard.key, each.verdict, each.field) for each in match.others] == [
        ("first", Verdict.LESS_SPECIFIC, ""),
        ("gold-email", Verdict.OTHER_FACTS, "segment"),
        ("latvian", Verdict.OTHER_FACTS, "language"),
    ]


def test_no_standard_no_match_no_escalation() -> None:
    assert POLICY.standard_for(ClockKind.NEXT_RESPONSE, Facts(channel="email")) is None
    assert POLICY.escalations(POLICY.standards["solve"]) == ()


def test_a_clock_of_a_standard() -> None:
    solve = POLICY.standards["solve"]
    assert solve.pauses == ("pending", "on_hold")
    clock = POLICY.clock(solve, local("Europe/Riga", "2024-05-08 15:00"))
    assert clock.due_at == local("Europe/Riga", "2024-05-10 15:00")
    assert clock.target == timedelta(hours=18)


def test_many_different_facts_do_not_pile_up() -> None:
    policy = compiled(MINIMAL)
    for number in range(10_000):
        assert policy.standard_for(ClockKind.FIRST_RESPONSE, Facts(segment=str(number))) is not None
    assert len(policy._matches) <= 4096


def test_durations_in_words() -> None:
    assert within_words(Within(1, Unit.DAYS, working=True)) == "1 working day"
    assert within_words(Within(2, Unit.DAYS, working=False)) == "2 days"
    assert within_words(Within(30, Unit.MINUTES, working=True)) == "30 working minutes"
    assert duration_words(timedelta(hours=27), working=True) == "27 working hours"
    assert duration_words(timedelta(minutes=-90, seconds=-5), working=False) == "1 hour 30 minutes"
    assert duration_words(timedelta(seconds=20), working=False) == "0 minutes"


def test_the_default_policy_is_fitted_to_the_company_and_keeps_its_comments() -> None:
    text = default_policy(time_zone="Asia/Almaty", holidays="KZ", language="kk", title='„Қызмет” "1"\x7f')
    policy = compiled(text, channel=["email"], team=[])
    assert policy.title == '„Қызмет” "1"\x7f'
    assert policy.hours["office"].time_zone == "Asia/Almaty"
    assert policy.hours["office"].zone.key == "Asia/Almaty"
    assert text.count("#") == default_policy().count("#")
    assert policy.standards["first-response"].promise_in("kk").startswith("Әрбір электрондық хатқа 4 жұмыс сағаты")


def test_the_default_policy_speaks_four_languages_about_what_it_does() -> None:
    policy = compiled(default_policy())
    for standard in policy.standards.values():
        assert set(standard.promise) == {"en", "lv", "ka", "kk"}
        assert all(str(standard.within.amount) in sentence for sentence in standard.promise.values())
    match = policy.standard_for(ClockKind.FIRST_RESPONSE, Facts(channel="email", priority="urgent"))
    assert match is not None
    assert match.standard.target == timedelta(hours=1)
    assert [str(step) for step in policy.escalations(match.standard)] == [
        "50 % notify assignee",
        "80 % notify lead",
        "100 % raise_priority",
        "100 % notify lead",
    ]


def test_replacing_values_needs_values_and_toml() -> None:
    assert tomllib.loads(replace_values("a = [1] # one\n", {("a",): ["x", "y"]}))["a"] == ["x", "y"]
    with pytest.raises(KeyError):
        replace_values("a = 1", {("b",): "x"})
    with pytest.raises(PolicyErrors):
        replace_values("a = ", {("a",): "x"})
