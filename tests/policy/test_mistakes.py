"""Mistakes are said for people: each sentence here is one that `core` finds in a document."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from answerable.core.policy import PolicyErrors, compile_policy, default_policy
from answerable.measure.public_holidays import holidays_of
from answerable.policy.mistakes import SAID, mistake_words

DEFAULT = default_policy()
KNOWN = {"team": ["everyone", "empty"], "staffed": ["everyone"], "user": ["ada@example.com"], "segment": ["gold"]}
LAST = '    { at = "100%", do = "notify", to = "lead" },\n]'
WRONG = [
    (', priority = ["urgent"] }', " }", "It is for the same conversations as “first-response”, which comes first"),
    (LAST, '    { at = "110%", do = "notify", to = "assignee" },\n]', "the conversation may have no assignee"),
    (LAST, '    { at = "110%", do = "notify", to = "team" },\n]', "the conversation's team may have no members"),
    (LAST, '    { at = "110%", do = "raise_priority" },\n]', "its last step tells nobody."),
    (LAST, '    { at = "100%", do = "raise_priority" },\n' + LAST, "This step is there already."),
    (LAST, '    { at = "100%", do = "reassign", to = "team" },\n' + LAST, "They have the conversation already."),
    (LAST, '    { at = "110%", do = "notify", to = "team:empty" },\n]', "Nobody in the team “empty” could act."),
    (LAST, '    { at = "110%", do = "notify", to = "user:x@y.zz" },\n]', "Nobody here has the address x@y.zz"),
    ('hours = "office"', 'hours = "nights"', "There is no “nights” here."),
    ('serves = "We solve', 'serves = "We might solve', "The mission doesn't say this."),
    ('target = "95 %"', 'target = "95 points"', "That doesn't fit what is measured. Write it like “85 %”."),
    ('target = "95 %"', 'target = "950 %"', "It lies between 0 and 100."),
    ('target = "95 %"', 'target = "95 %"\nreview_every = "900 days"\n#', ""),
    ('target = "95 %"', 'target = "95 %"\nreview_every = "9000 days"', "Look at it again at least every three years"),
    ('within = "8 working hours"', 'within = "9999 working days"', "Promise less."),
    ('within = "8 working hours"', 'within = "0 hours"', "No time at all is not a promise."),
    ('key = "next-response"', 'key = "first-response"', "There are two called “first-response”."),
    ('holidays = "LV"', 'holidays = "XX"', "No public holidays are known for XX."),
    ('\nen = "We answer every further', '\nde = "We answer every further', "own language are missing."),
    ('clock = "next_response"\n', "", "This is missing."),
    ('title = "Customer service policy"', 'title = " "', "This is empty."),
    ('title = "Customer service policy"', f'title = "{"x" * 3000}"', "This is too long."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "said"), WRONG)
def test_it_is_said_what_is_wrong_and_what_to_do(before: str, after: str, said: str) -> None:
    assert before in DEFAULT
    try:
        compile_policy(DEFAULT.replace(before, after, 1), holidays=holidays_of, known=KNOWN)
        words = []
    except PolicyErrors as errors:
        words = [mistake_words(error) for error in errors.errors]
    assert any(said in each for each in words) or not said, words


def test_what_only_a_document_can_have_is_said_in_the_readers_language() -> None:
    """Where the catalogue has it; what is named in the document stays as it is named there."""
    document = DEFAULT.replace('["09:00-18:00"]', "[]")
    with pytest.raises(PolicyErrors) as caught, translation.override("lv"):
        compile_policy(document, holidays=holidays_of, known=KNOWN)
    (wrong,) = (error for error in caught.value.errors if error.field == "hours.office")
    assert wrong.remedy.by(gettext) == "Open at least one day of the week."
    with translation.override("lv"):
        assert wrong.said.by(gettext).endswith("Norādiet darba laiku vismaz vienai nedēļas dienai.")


def test_every_sentence_is_one_that_core_still_finds() -> None:
    reached = set()
    never_open = DEFAULT.replace('["09:00-18:00"]', "[]")
    for document in (*(DEFAULT.replace(before, after, 1) for before, after, _said in WRONG), never_open):
        try:
            compile_policy(document, holidays=holidays_of, known=KNOWN)
        except PolicyErrors as errors:
            for error in errors.errors:
                told = f"{error.problem} {error.remedy}".strip()
                reached |= {next((words for pattern, words in SAID if pattern.match(told)), None)}
    assert reached >= {words for _pattern, words in SAID}
