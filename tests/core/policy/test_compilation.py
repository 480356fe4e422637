"""Policy documents: what compiles, and what every mistake says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.calendar import DayKind
from answerable.core.policy import (
    ClockKind,
    Do,
    Kpi,
    PolicyErrors,
    Recipient,
    Step,
    Target,
    Whom,
    compile_policy,
)
from tests.core.policy.documents import MINIMAL, compiled, holidays, mistakes


def test_a_small_document_compiles() -> None:
    policy = compiled(MINIMAL)
    standard = policy.standards["first"]
    assert (standard.clock, standard.target) == (ClockKind.FIRST_RESPONSE, timedelta(hours=4))
    assert str(standard.within) == "4 working hours"
    assert standard.promise_in("ka") == "We answer within 4 working hours."
    assert standard.pauses == ()
    assert policy.objectives["soon"].kpi is Kpi.FIRST_RESPONSE
    assert policy.objectives["soon"].target == Target(4, "working hours")
    assert policy.escalations(standard) == (
        Step(50, Do.NOTIFY, Recipient(Whom.ASSIGNEE)),
        Step(100, Do.RAISE_PRIORITY, None),
        Step(150, Do.REASSIGN, Recipient(Whom.TEAM, "second-line")),
    )
    assert [step.share for step in policy.escalations(standard)] == [0.5, 1.0, 1.5]


def test_bytes_windows_line_ends_and_a_byte_order_mark() -> None:
    assert compile_policy(("\ufeff" + MINIMAL.replace("\n", "\r\n")).encode(), holidays=holidays).title == "Service"


def test_the_last_step_of_the_longest_promise_has_its_time() -> None:
    text = MINIMAL.replace('"4 hours"', '"1144 hours"').replace('"150%"', '"1000%"')
    policy = compiled(text)
    clock = policy.clock(policy.standards["first"], datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.reached_at(policy.escalations(policy.standards["first"])[-1].share) is not None
    assert mistakes(text.replace("1144", "1145"))


def test_days_of_the_year() -> None:
    extra = """
holidays = ["LV", "ES-MD"]
extra_holidays = ["2026-05-04", 2026-05-05]
[hours.office.dates]
"2026-12-24" = ["09:00-12:00"]
"2026-12-28" = []
"""
    day = compiled(MINIMAL.replace('friday = ["09:00-17:00"]', extra)).hours["office"].day
    assert day(date(2027, 5, 2)).name == "Day of LV", "the first place named gives the name"
    assert day(date(2026, 5, 4)) == ((), DayKind.HOLIDAY, "company holiday")
    assert day(date(2026, 5, 5)).kind is DayKind.HOLIDAY
    assert day(date(2026, 12, 24)).openings == ((540, 720),)
    assert day(date(2026, 12, 28)) == ((), DayKind.OVERRIDE, "")
    named = MINIMAL.replace("[[objective]]", '[hours.office.extra_holidays]\n2026-05-04 = "Founders"\n[[objective]]')
    assert compiled(named).hours["office"].day(date(2026, 5, 4)).name == "Founders"


@pytest.mark.parametrize(
    ("within", "hours", "length"),
    [
        ("30 minutes", "office", timedelta(minutes=30)),
        ("1 business hour", "office", timedelta(hours=1)),
        ("3 working days", "office", timedelta(hours=27)),
        ("2 days", "always", timedelta(hours=48)),
        ("12 hours", "always", timedelta(hours=12)),
    ],
)
def test_durations(within: str, hours: str, length: timedelta) -> None:
    text = MINIMAL.replace('"4 hours"', f'"{within}"').replace('hours = "office"', f'hours = "{hours}"')
    assert compiled(text).standards["first"].target == length


MISTAKES = [
    ('title = "Service"', "", "line 1, column 1: title: is missing."),
    (
        'title = "Service"',
        "title = 3",
        "line 1, column 9: title: must be text, not a number. Write it in quotes.",
    ),
    ('title = "Service"', 'title = " "', "line 1, column 9: title: is empty."),
    (
        'title = "Service"',
        'titel = "Service"',
        "line 1, column 1: titel: is not a setting. Did you mean “title”?",
    ),
    ('title = "Service"', 'title = "Service', "line 1, column 17: This is not TOML: Illegal character"),
    ('"en"', '"english"', "line 3, column 12: language: “english” is not a language."),
    ("[hours.office]", "[hours.always]", "hours.always: “always” cannot be a name of hours."),
    (
        "Europe/Riga",
        "Europe/Rigga",
        "hours.office.time_zone: There is no time zone “Europe/Rigga”. Did you mean “Europe/Riga”?",
    ),
    (
        'monday = ["09:00-18:00"]',
        'monday = ["9-18"]',
        "line 7, column 10: hours.office.monday: “9-18” is not an interval",
    ),
    (
        'monday = ["09:00-18:00"]',
        "monday = [9]",
        "line 7, column 11: hours.office.monday.1: must be text, not a number.",
    ),
    ('monday = ["09:00-18:00"]', 'monday = "09:00-18:00"', "hours.office.monday: must be a list, not text."),
    ("monday", "mondai", "line 7, column 1: hours.office.mondai: is not a setting. Did you mean “monday”?"),
    (
        'monday = ["',
        'holidays = "XX"\nmonday = ["',
        "line 7, column 12: hours.office.holidays: No holidays are known for “XX”.",
    ),
    (
        'monday = ["',
        'holidays = ["LV", "Latvia"]\nmonday = ["',
        "line 7, column 19: hours.office.holidays.2: “Latvia” is not",
    ),
    (
        'monday = ["',
        'extra_holidays = ["soon"]\nmonday = ["',
        "hours.office.extra_holidays.1: “soon” is not a date.",
    ),
    (
        'We answer soon."\nkpi',
        'We answer son."\nkpi',
        "objective.soon.serves: “We answer son.” is not in the mission. Did you mean “We answer soon.”?",
    ),
    (
        '"first_response"\ntarget',
        '"frist_response"\ntarget',
        "objective.soon.kpi: “frist_response” is not known. Did you mean",
    ),
    (
        'target = "4 working hours"',
        'target = "90 %"',
        "objective.soon.target: “90 %” is not a target for first_response.",
    ),
    ('key = "first"', 'key = "First!"', "line 21, column 7: standard.1.key: “First!” is not a key."),
    ('"4 hours"', '"soonish"', "line 25, column 10: standard.first.within: “soonish” is not a duration."),
    ('"4 hours"', '"0 hours"', "standard.first.within: No time at all is not a promise."),
    (
        '"4 hours"',
        '"2 days"',
        "standard.first.within: “2 days” can be read in two ways under business hours.",
    ),
    ('"4 hours"', '"99999 hours"', "standard.first.within: That takes more than half a year of open time."),
    (
        '"4 hours"\nhours = "office"',
        '"4 working hours"\nhours = "always"',
        "Around the clock there are no working hours.",
    ),
    (
        'hours = "office"',
        'hours = "offic"',
        "line 26, column 9: standard.first.hours: There are no hours “offic” in this",
    ),
    (
        'escalation = "usual"',
        'escalation = "usaul"',
        "standard.first.escalation: There is no escalation “usaul” in this document. Did you mean “usual”?",
    ),
    (
        'escalation = "usual"',
        'pauses = ["open"]',
        "standard.first.pauses.1: A clock cannot rest while “open”.",
    ),
    (
        'escalation = "usual"',
        'when = { priority = ["urgnet"] }',
        "standard.first.when.priority.1: There is no priority “urgnet”. Did you mean “urgent”?",
    ),
    ('escalation = "usual"', "when = { channel = [] }", "standard.first.when.channel: accepts nothing"),
    (
        'escalation = "usual"',
        "when = { chanel = [] }",
        "when.chanel: is not a setting. Did you mean “channel”?",
    ),
    (
        'promise = "We answer within 4 working hours."',
        'promise = { lv = "x" }',
        "standard.first.promise: has no sentence in en",
    ),
    (
        'promise = "We answer within 4 working hours."',
        'promise = { en = "x", English = "x" }',
        "“English” is not a language.",
    ),
    (
        'at = "50%"',
        'at = "half"',
        "line 32, column 12: escalation.usual.steps.1.at: “half” is not a share of the target.",
    ),
    (
        'at = "100%"',
        'at = "40%"',
        "escalation.usual.steps.2.at: 40 percent come after 50 percent. Put the steps in order of time.",
    ),
    (
        'to = "assignee"',
        'to = "asignee"',
        "escalation.usual.steps.1.to: “asignee” is nobody. Did you mean “assignee”?",
    ),
    (
        'do = "raise_priority"',
        'do = "raise_priority", to = "lead"',
        "raise_priority concerns the conversation only.",
    ),
    ('"team:second-line"', '"assignee"', "“assignee” has the conversation already."),
    (
        '"100%", do = "raise_priority"',
        '"50%", do = "notify", to = "assignee"',
        "“50 % notify assignee” is there already.",
    ),
    ('do = "notify", to = "assignee"', 'do = "notify"', "escalation.usual.steps.1.to: is missing."),
]


@pytest.mark.parametrize(("correct", "wrong", "message"), MISTAKES)
def test_a_mistake_says_where_it_is_and_what_to_do(correct: str, wrong: str, message: str) -> None:
    assert correct in MINIMAL
    found = mistakes(MINIMAL.replace(correct, wrong, 1))
    assert any(message in each for each in found), found


def test_known_names_are_checked_when_they_are_given() -> None:
    text = MINIMAL.replace('escalation = "usual"\n', 'escalation = "usual"\nwhen = { channel = ["emial"] }\n', 1)
    assert mistakes(text) == []
    found = mistakes(text, channel=["email", "chat"], team=["second-lane"])
    assert [each.partition(": ")[2] for each in found] == [
        "standard.first.when.channel.1: There is no channel “emial”. Did you mean “email”?",
        "escalation.usual.steps.3.to: There is no team “second-line”. Did you mean “second-lane”?",
    ]


def test_all_mistakes_are_told_at_once_in_order() -> None:
    found = mistakes(MINIMAL.replace("Europe/Riga", "X").replace('"4 hours"', '"x"').replace('"50%"', '"x"'))
    assert [each.split(",")[0] for each in found] == ["line 6", "line 32"], "hours are wrong, so within is not judged"


def test_a_standard_that_could_never_apply_is_refused() -> None:
    again = MINIMAL[MINIMAL.index("[[standard]]") : MINIMAL.index("[[escalation]]")].replace('"first"', '"second"')
    assert any("applies to the same conversations as “first”" in each for each in mistakes(MINIMAL + again))
    assert any("two standards “first”" in each for each in mistakes(MINIMAL + again.replace('"second"', '"first"')))


def test_hours_that_never_open_are_refused() -> None:
    lines = [line for line in MINIMAL.splitlines() if "day = " not in line]
    assert any("hours.office: is never open." in each for each in mistakes("\n".join(lines)))
    assert any("is never open." in each for each in mistakes("\n".join(lines).replace('Riga"', 'Riga"\nmonday = []')))


def test_documents_of_no_shape() -> None:
    assert mistakes(b"\xff\xfe") == ["line 1, column 1: The document is not UTF-8. Save it as UTF-8."]
    assert mistakes(b"a = 1\nb = '\xe9'")[0].startswith("line 2, column 1: The document is not UTF-8.")
    assert "longer than 256 KB" in mistakes("#" * 300_000)[0]
    assert "nested too deeply" in mistakes("a = " + "[" * 100_000)[0]
    assert "cannot be read" in mistakes("a = " + "9" * 5000)[0]
    assert len(mistakes("")) == 4


ANYTHING = st.recursive(
    st.sampled_from(
        ["1", "true", '""', '"x"', '"office"', '"4 hours"', '"50%"', "2026-12-24", "1.5", "nan", '"en"', "[]"]
    ),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda found: f"[{', '.join(found)}]")
        | st.dictionaries(st.sampled_from(["key", "at", "do", "to", "channel", "en"]), inner, max_size=2).map(
            lambda found: "{" + ", ".join(f"{key} = {value}" for key, value in found.items()) + "}"
        )
    ),
    max_leaves=4,
)
NAMES = (
    "title",
    "mission",
    "language",
    "hours",
    "objective",
    "standard",
    "escalation",
    "key",
    "promise",
    "within",
    "when",
    "steps",
    "dates",
    "holidays",
    "extra_holidays",
    "time_zone",
    "monday",
    "pauses",
    "target",
    "kpi",
)


def any_line() -> st.SearchStrategy[str]:
    names = st.sampled_from(NAMES)
    return st.one_of(
        st.tuples(names, ANYTHING).map(" = ".join),
        st.lists(names, min_size=1, max_size=3).map(lambda found: f"[{'.'.join(found)}]"),
        names.map(lambda name: f"[[{name}]]"),
        st.text(max_size=20),
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(any_line(), max_size=12).map("\n".join))
def test_any_document_gives_policy_errors(text: str) -> None:
    with pytest.raises(PolicyErrors) as raised:
        compile_policy(text, holidays=holidays)
    check_errors(text, raised.value)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_document_with_any_line_changed_gives_policy_errors(data: st.DataObject) -> None:
    lines = MINIMAL.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    name = lines[at].partition(" = ")[0]
    lines[at] = data.draw(any_line() | ANYTHING.map(lambda value: f"{name} = {value}"))
    text = "\n".join(lines)
    try:
        compile_policy(text, holidays=holidays)
    except PolicyErrors as errors:
        check_errors(text, errors)


def check_errors(text: str, errors: PolicyErrors) -> None:
    lines: Any = text.replace("\r\n", "\n").split("\n")
    assert errors.errors
    for error in errors.errors:
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert error.problem
