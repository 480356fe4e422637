"""Owners and reviews of objectives, procedures, regional profiles, hours by region."""

from __future__ import annotations

from datetime import timedelta

import pytest

from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind, Target, compile_policy
from tests.core.calendars import local
from tests.core.policy.documents import MINIMAL, compiled, holidays, mistakes
from tests.core.policy.living import LIVING, OWNED, PROCEDURES, REGIONAL

POLICY = compiled(LIVING)


def test_an_objective_has_its_owner_and_its_time_between_reviews() -> None:
    soon = POLICY.objectives["soon"]
    assert (soon.owner, str(soon.review), soon.review_every) == (
        "Alice@example.com",
        "3 months",
        timedelta(days=91),
    )
    plain = compiled(MINIMAL).objectives["soon"]
    assert (plain.owner, plain.review, plain.review_every) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "days"), [("7 days", 7), ("1 week", 7), ("6 weeks", 42), ("12 months", 365), ("36 months", 1096)]
)
def test_times_between_reviews(text: str, days: int) -> None:
    said = compiled(OWNED.replace("3 months", text)).objectives["soon"]
    assert said.review_every == timedelta(days=days)
    assert str(said.review) == text


def test_procedures_that_apply_the_most_specific_first() -> None:
    def keys(**facts: str) -> list[str]:
        return [each.key for each in POLICY.procedures_for(Facts(**facts))]

    assert keys() == ["answer"]
    assert keys(channel="chat") == ["answer-chat", "answer"]
    assert keys(channel="email", segment="Gold") == ["answer-gold", "answer"]
    answer = POLICY.procedures["answer"]
    assert (answer.title_in("lv-LV"), answer.title_in("ka")) == ("Kā atbildam", "How we answer")
    assert answer.steps_in("lv") == ("Greet by name.", "Pasaki, kas notiks.")


def test_a_profile_is_found_as_conversations_call_the_region() -> None:
    georgia = POLICY.region("ge")
    assert georgia is not None
    assert (georgia.key, georgia.hours, georgia.language) == ("GE", "tbilisi", "ka")
    assert (georgia.title_in("ka"), georgia.title_in("lv")) == ("საქართველო", "Georgia")
    assert georgia.tone_in("ka") == "თქვენობით მივმართავთ."
    latgale = POLICY.region("LATGALE NORTH")
    assert latgale is not None
    assert (latgale.hours, latgale.language, latgale.tone_in("en"), latgale.targets) == (None, None, "", {})
    assert POLICY.region("KZ") is None
    assert POLICY.region(None) is None
    soon = POLICY.objectives["soon"]
    assert POLICY.target(soon) == POLICY.target(soon, "KZ") == Target(4, "working hours")
    assert POLICY.target(soon, "ge") == Target(6, "working hours")


def test_a_regional_standard_is_counted_in_the_hours_of_the_region() -> None:
    office, tbilisi = (
        POLICY.standard_for(ClockKind.RESOLUTION, Facts(region=region)) for region in ("Latgale north", "GE")
    )
    assert office is not None
    assert tbilisi is not None
    assert (office.standard.hours, office.standard.target) == ("office", timedelta(hours=18))
    assert (tbilisi.standard.hours, tbilisi.standard.target) == ("tbilisi", timedelta(hours=16))
    assert tbilisi.calendar is POLICY.calendar(tbilisi.standard) is POLICY.hours["tbilisi"]
    monday = local("Asia/Tbilisi", "2024-05-13 11:00")
    assert POLICY.clock(tbilisi.standard, monday).due_at == local("Asia/Tbilisi", "2024-05-20 11:00")
    assert POLICY.standard("solve", Facts(region="ge")) == tbilisi.standard
    assert POLICY.standard("solve", Facts()) == POLICY.standards["solve"] == office.standard
    assert POLICY.standard("first", Facts(region="GE")) is POLICY.standards["first"]


KNOWN = {"user": ["alice@example.com"], "team": ["second-line"], "staffed": ["second-line"], "segment": ["gold"]}
MISTAKES = [
    ('"Alice@', '"Alice at ', "objective.soon.owner: “Alice at example.com” is not an e-mail address."),
    ('"Alice@', '"Alise@', "Nobody here has the address “Alise@example.com”. Did you mean “alice@example.com”?"),
    ('"3 months"', '"soon"', "objective.soon.review_every: “soon” is not a time between reviews."),
    ('"3 months"', '"6 days"', "objective.soon.review_every: “6 days” is out of range."),
    ('"3 months"', '"37 months"', "objective.soon.review_every: “37 months” is out of range."),
    ('key = "answer-gold"', 'key = "answer"', "There are two procedures “answer”."),
    ('steps = ["Call them."]', "steps = []", "procedure.answer-gold.steps: is empty. Write 1 to 30."),
    ('steps = ["Call them."]', f"steps = {['x'] * 31}", "procedure.answer-gold.steps: has 31, which is more than 30."),
    ('steps = ["Call them."]', "", "procedure.answer-gold.steps: is missing."),
    ('steps = ["Call them."]', 'steps = "Call them."', "procedure.answer-gold.steps: must be a list."),
    ('["Call them."]', "[{ lv = 'x' }]", "procedure.answer-gold.steps.1: has no sentence in en"),
    ('["Call them."]', "['x', 1]", "procedure.answer-gold.steps.2: must be text, not a number."),
    ('segment = ["gold"]', 'segment = ["golf"]', "There is no segment “golf”. Did you mean “gold”?"),
    (
        'key = "answer"\nobjective = "soon"',
        'key = "answer"\nobjective = "son"',
        "procedure.answer.objective: There is no objective “son” in this document. Did you mean “soon”?",
    ),
    ('key = "Latgale north"', 'key = "ge"', "There are two profiles of the region “ge”."),
    ('key = "Latgale north"', f'key = "{"x" * 61}"', "is too long."),
    ('hours = "tbilisi"', 'hours = "always"', "There is no block of business hours “always” in this document."),
    ('language = "ka"', 'language = "Georgian"', "region.GE.language: “Georgian” is not a language."),
    ("soon = ", "son = ", "region.GE.targets.son: There is no objective “son”. Did you mean “soon”?"),
    ('"6 working hours"', '"90 %"', "region.GE.targets.soon: “90 %” is not a target for first_response."),
    ('otherwise = "office"', "", "standard.solve.otherwise: is missing."),
    ('otherwise = "office"', 'otherwise = "always"', "There is no block of business hours “always”"),
    ('hours = "regional"', 'hours = "office"', "standard.solve.otherwise: is for regions without hours"),
    ("[hours.almaty]", "[hours.regional]", "hours.regional: “regional” cannot be a name of hours."),
    ('"2 working days"', '"2 days"', "can be read in two ways"),
    ('"2 working days"', '"417 hours"', "standard.solve.within: That takes more than half a year of open time."),
]


@pytest.mark.parametrize(("correct", "wrong", "message"), MISTAKES)
def test_a_mistake_says_where_it_is_and_what_to_do(correct: str, wrong: str, message: str) -> None:
    assert mistakes(LIVING, **KNOWN) == []
    assert correct in LIVING
    found = mistakes(LIVING.replace(correct, wrong, 1), **KNOWN)
    assert any(message in each for each in found), found


def chain(*steps: str) -> str:
    """The small document with these steps."""
    head, _, _ = MINIMAL.partition("steps = [")
    return f"{head}steps = [{', '.join(steps)}]"


TELL_ASSIGNEE = '{ at = "50%", do = "notify", to = "assignee" }'
TELL_TEAM = '{ at = "100%", do = "notify", to = "team" }'
RAISE = '{ at = "100%", do = "raise_priority" }'
TELL_LEAD = '{ at = "100%", do = "notify", to = "lead" }'
DEAD_ENDS = [
    ((TELL_ASSIGNEE,), "at its last step the conversation may have no assignee."),
    ((TELL_ASSIGNEE, TELL_TEAM), "at its last step the conversation's team may have no members."),
    ((RAISE,), "it only raises the priority, and nobody is told."),
    ((TELL_LEAD, RAISE), "its last step tells nobody."),
]


@pytest.mark.parametrize(("steps", "reason"), DEAD_ENDS)
def test_a_chain_that_ends_nowhere_is_refused_when_written(steps: tuple[str, ...], reason: str) -> None:
    (found,) = mistakes(chain(*steps))
    assert f"The chain ends nowhere: {reason} End it with lead, team:KEY or user:EMAIL" in found
    assert compile_policy(chain(*steps), holidays=holidays), "one that is in force already goes on"


def test_whoever_is_told_is_there_and_can_act() -> None:
    ended = [chain(TELL_LEAD.replace("lead", to)) for to in ("team:quiet", "team:none", "user:Zoe@example.com")]
    known = {"team": ["quiet", "support"], "staffed": ["support"], "user": ["zoe@example.com"]}
    place, others = "line 31, column 45: escalation.usual.steps.1.to:", "Use one of: support."
    assert [mistakes(text, **known) for text in ended] == [
        [f"{place} The team “quiet” has nobody who could act. Give it a member, or name another. {others}"],
        [f"{place} There is no team “none”. Use one of: quiet, support."],
        [],
    ]
    (found,) = mistakes(ended[2], user=["alice@example.com"])
    assert "Nobody here has the address “Zoe@example.com”." in found
    assert mistakes(chain(TELL_LEAD)) == []


def test_a_policy_may_be_without_procedures_and_profiles() -> None:
    assert not compiled(MINIMAL).procedures
    assert not compiled(MINIMAL).regions
    assert compiled(MINIMAL).procedures_for(Facts(channel="email")) == ()
    assert list(compiled(MINIMAL + PROCEDURES).procedures) == ["answer", "answer-gold", "answer-chat"]
    lonely = compiled(MINIMAL + REGIONAL).standard_for(ClockKind.RESOLUTION, Facts(region="GE"))
    assert lonely is not None
    assert lonely.standard.hours == "office"
