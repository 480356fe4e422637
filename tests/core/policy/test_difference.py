"""Differences between compiled policies and between documents."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.core.policy import Policy, compile_policy, default_policy
from answerable.core.policy.difference import differences
from answerable.core.policy.touched import Kind, Part, title_of, touched

DEFAULT = default_policy()


def read(document: str) -> Policy:
    return compile_policy(document, holidays=lambda country, subdivision, year: {})


def test_nothing_differs_from_itself() -> None:
    assert differences(read(DEFAULT), read(DEFAULT)) == ()
    assert touched(DEFAULT, DEFAULT) == ()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["answer", "urgent", "next", "hours", "chain", "target", "title"]), unique=True))
def test_what_one_adds_the_other_removes(edits: list[str]) -> None:
    replacements = {
        "answer": ('within = "4 working hours"', 'within = "3 working hours"'),
        "urgent": ('clock = "first_response"\nwithin = "1 working hour"', 'clock = "resolution"\nwithin = "9 hours"'),
        "next": ('within = "8 working hours"', 'within = "9 working hours"'),
        "hours": ('friday = ["09:00-18:00"]', 'friday = ["09:00-12:00", "13:00-18:00"]'),
        "chain": ('    { at = "100%", do = "raise_priority" },\n', ""),
        "target": ('target = "95 %"', 'target = "96 %"'),
        "title": ('title = "Customer', 'title = "Our'),
    }
    other = DEFAULT
    for edit in edits:
        other = other.replace(*replacements[edit], 1)
    there, back = differences(read(DEFAULT), read(other)), differences(read(other), read(DEFAULT))
    assert {(each.part, each.key, each.field) for each in there} == {(each.part, each.key, each.field) for each in back}
    assert [(each.before, each.after) for each in there] == [(each.after, each.before) for each in back]
    assert {(each.part, each.key) for each in there} == {(each.part, each.key) for each in touched(DEFAULT, other)}
    assert bool(there) == bool(edits)


def test_whole_elements_come_and_go() -> None:
    without = re.sub(r'\[\[standard\]\]\nkey = "next-response".*?\n\n', "", DEFAULT, flags=re.DOTALL)
    (gone,) = differences(read(DEFAULT), read(without))
    assert (gone.kind, gone.part, gone.key, gone.field) == (Kind.REMOVED, Part.STANDARD, "next-response", "")
    (new,) = differences(read(without), read(DEFAULT))
    assert (new.kind, new.before, new.after.key) == (Kind.ADDED, None, "next-response")
    assert {each.kind for each in differences(None, read(DEFAULT))} == {Kind.ADDED}


def test_documents_that_are_wrong_are_compared_as_far_as_they_go() -> None:
    assert touched("title = 1", 'title = "x"\n[[standard]]\nwithin = 3') == (
        (Kind.CHANGED, Part.TITLE, ""),
        (Kind.ADDED, Part.STANDARD, "1"),
    )
    assert touched("title = [", "") == ((Kind.CHANGED, None, ""),)
    assert touched("title = [", "title = [") == ()
    assert (title_of("title = 3"), title_of("x = ["), title_of(DEFAULT)) == ("", "", "Customer service policy")
