"""Differences between versions, in words."""

import pytest

from answerable.core.policy import default_policy
from answerable.policy.actions import load_version
from answerable.policy.changes import Change, changes_between
from tests.cast import Cast

DEFAULT = default_policy()


def changes(cast: Cast, *replacements: tuple[str, str]) -> list[Change]:
    document = DEFAULT
    for before, after in replacements:
        assert before in document
        document = document.replace(before, after, 1)
    return list(changes_between(load_version(DEFAULT, by=cast.ada), load_version(document, by=cast.ada)))


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            'within = "4 working hours"',
            'within = "2 working hours"',
            "First response, where the channel is e-mail: promised within 2 working hours instead of 4 working hours.",
        ),
        ('monday = ["09:00-18:00"]', "monday = []", "Office hours: on Monday closed instead of 09:00–18:00."),
        (
            'holidays = "LV"',
            'holidays = ["LV", "EE"]',
            "Office hours: closed on the public holidays of Latvia, Estonia instead of Latvia.",
        ),
        (
            'holidays = "LV"',
            'holidays = "LV"\nextra_holidays = { "2026-06-01" = "Company day" }',
            "Office hours: June 1, 2026: Company day.",
        ),
        (
            'target = "95 %"',
            'target = "97.5 %"',
            "“We keep 95 of 100 promises”: the target is 97.5 % instead of 95 %.",
        ),
        (
            '{ at = "50%", do = "notify", to = "assignee" },',
            '{ at = "60%", do = "notify", to = "assignee" },',
            "Escalation “Usual”: now at 60 % of the time: tell the assignee.",
        ),
        (
            'lv = "Uz katru e-pasta',
            'lv = "Uz ikkatru e-pasta',
            "First response, where the channel is e-mail: the words in other languages (Latvian).",
        ),
        (
            'channel = ["email"], priority',
            'channel = ["chat"], priority',
            (
                "“We answer urgent e-mails within 1 working hour.”: it holds for conversations "
                "where the channel is live chat and the priority is urgent instead of conversations "
                "where the channel is e-mail and the priority is urgent."
            ),
        ),
        (
            'pauses = ["pending", "on_hold"]',
            "pauses = []",
            (
                "Resolution, where the channel is e-mail: the clock rests never; until now "
                "while we wait for the customer, while we wait for a third party."
            ),
        ),
        (
            'title = "Customer service policy"',
            'title = "Ours"',
            "The policy is called “Ours” instead of “Customer service policy”.",
        ),
    ],
)
def test_a_change_is_a_sentence(cast: Cast, before: str, after: str, sentence: str) -> None:
    assert sentence in [change.sentence for change in changes(cast, (before, after))]


def test_a_change_names_the_promises_it_bears_on(cast: Cast) -> None:
    (change,) = changes(cast, ('tuesday = ["09:00-18:00"]', 'tuesday = ["10:00-18:00"]'))
    assert (change.part, change.kind, change.key) == ("hours", "changed", "office")
    assert set(change.standards) == {"first-response", "urgent-first-response", "next-response", "resolution"}


def test_nothing_is_said_where_nothing_differs(cast: Cast) -> None:
    version = load_version(DEFAULT, by=cast.ada)
    assert changes_between(version, version) == ()
    assert {change.kind for change in changes_between(None, version)} == {"added"}
