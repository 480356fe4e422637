"""A change of the policy never alters a figure that was reported, nor a clock in flight."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from answerable.core.calendar import business_seconds
from answerable.core.conditions import Facts
from answerable.core.policy import Policy, compile_policy
from answerable.customers.models import Contact
from answerable.desk.actions.conversations import open_conversation, set_priority, set_status
from answerable.desk.actions.messages import receive
from answerable.desk.actions.planning import arithmetic_of
from answerable.desk.explanation import account_of
from answerable.desk.models import Clock, Conversation, Escalation, Priority, Status
from answerable.desk.timers import fire_due
from answerable.insight.question import _hours
from answerable.measure.public_holidays import holidays_of
from answerable.policy.actions import load_version
from tests.cast import Cast

WEEK = "\n".join(f'{day} = ["09:00-18:00"]' for day in ("monday", "tuesday", "wednesday", "thursday", "friday"))
LATER = WEEK.replace("09:00-18:00", "12:00-14:00")
V1 = f"""
title = "First"
mission = "We answer."
language = "en"

[hours.office]
time_zone = "Europe/Riga"
{WEEK}

[hours.tbilisi]
time_zone = "Asia/Tbilisi"
{WEEK}

[[objective]]
key = "soon"
sentence = "Soon."
serves = "We answer."
kpi = "compliance"
target = "95 %"

[[region]]
key = "GE"
title = "Georgia"
hours = "tbilisi"

[[standard]]
key = "first"
promise = "We answer within 4 hours."
objective = "soon"
clock = "first_response"
within = "4 hours"
hours = "regional"
otherwise = "office"
escalation = "usual"

[[standard]]
key = "urgent"
promise = "We answer urgent matters within 1 hour."
objective = "soon"
clock = "first_response"
within = "1 hour"
hours = "regional"
otherwise = "office"
when = {{ priority = ["urgent"] }}

[[standard]]
key = "solved"
promise = "We solve it within 2 working days."
objective = "soon"
clock = "resolution"
within = "2 working days"
hours = "regional"
otherwise = "office"

[[escalation]]
key = "usual"
steps = [{{ at = "50%", do = "notify", to = "assignee" }}, {{ at = "100%", do = "notify", to = "lead" }}]
"""
V2 = (
    V1.replace("First", "Second")
    .replace(WEEK, LATER)
    .replace('"4 hours"', '"1 hour"')
    .replace('"1 hour"\nhours = "regional"\notherwise = "office"\nwhen', '"5 minutes"\nhours = "always"\nwhen')
    .replace('"2 working days"', '"1 working day"')
    .replace('"50%"', '"10%"')
    .replace('hours = "tbilisi"\n', "")
)
MONDAY = datetime(2026, 5, 18, 10, 0, tzinfo=ZoneInfo("Europe/Riga"))


def asked(cast: Cast, contact: Contact, hours: float) -> Conversation:
    """A question on that Monday, so many hours after ten in Riga."""
    at = MONDAY + timedelta(hours=hours)
    found = open_conversation(inbox=cast.support_inbox, contact=contact, subject="Hello", by=None, at=at)
    receive(found, contact=contact, text="Where is it?", at=at)
    return Conversation.objects.get(pk=found.pk)


def figures(of: Conversation) -> list[Any]:
    """Everything that is said of the conversation's clocks, an hour into Wednesday."""
    at = MONDAY + timedelta(days=2, hours=1)
    columns = ("kind", "state", "version_id", "standard", "target_seconds", "due_at", "elapsed_seconds", "breached_at")
    return [
        (
            *(getattr(clock, column) for column in columns),
            account_of(clock, at=at).explanation,
            account_of(clock, at=at).hours,
            arithmetic_of(clock).state(at),
            list(clock.escalations.order_by("step").values_list("share", "fires_at", "fired_at")),
        )
        for clock in of.clocks.order_by("id")
    ]


def test_a_new_version_leaves_clocks_in_flight_and_their_figures_alone(cast: Cast) -> None:
    first = load_version(V1, by=cast.ada)
    waiting = [asked(cast, contact, hours) for contact in (cast.dace, cast.nino) for hours in (0, 7.5)]
    resting, solved = asked(cast, cast.nino, 1), asked(cast, cast.dace, 2)
    set_status(resting, to=Status.PENDING, by=cast.bob, at=MONDAY + timedelta(hours=3))
    set_status(solved, to=Status.SOLVED, by=cast.bob, at=MONDAY + timedelta(hours=30))
    every = [*waiting, resting, solved]
    before = [figures(each) for each in every]
    span = (int(MONDAY.timestamp()), int((MONDAY + timedelta(days=20)).timestamp()))
    reported = openings(first.pk, span)
    load_version(V2, by=cast.ada)
    assert [figures(each) for each in every] == before
    assert openings(first.pk, span) == reported, "what the report counts open conversations by"
    assert asked(cast, cast.dace, 0).clocks.get(standard="first").target_seconds == 3600

    # What happens to them now is counted as it was promised then.
    policy = compile_policy(V1, holidays=holidays_of)
    set_status(resting, to=Status.OPEN, by=cast.bob, at=MONDAY + timedelta(hours=28))
    assert_counted(policy, resting, "GE", rested=(3, 28))
    for each, contact in zip(waiting, (cast.dace, cast.dace, cast.nino, cast.nino), strict=True):
        set_status(each, to=Status.SOLVED, by=cast.bob, at=MONDAY + timedelta(hours=33))
        assert_counted(policy, each, contact.region, until=33)


def openings(version: int, span: tuple[int, int]) -> list[Any]:
    """The open intervals by which the report counts what began under a version, by standard and region."""
    hours = _hours(*span)
    return sorted((key, hours.openings[place]) for key, place in hours.of_promise.items() if key[0] == version)


def assert_counted(
    policy: Policy, of: Conversation, region: str, *, until: float | None = None, rested: tuple[float, float] = (0, 0)
) -> None:
    """The resolution's figures are those of the first version's calendar, by plain business time."""
    clock = of.clocks.get(kind=Clock.Kind.RESOLUTION)
    standard = policy.standard("solved", Facts(region=region))
    calendar = policy.calendar(standard)
    assert calendar.time_zone == ("Asia/Tbilisi" if region == "GE" else "Europe/Riga")
    assert clock.target_seconds == standard.target.total_seconds() == 2 * 9 * 3600
    withheld = business_seconds(calendar, *(MONDAY + timedelta(hours=each) for each in rested))
    assert clock.due_at is not None
    assert business_seconds(calendar, clock.started_at, clock.due_at) == clock.target_seconds + withheld
    if until is not None:
        counted = business_seconds(calendar, clock.started_at, MONDAY + timedelta(hours=until))
        assert clock.elapsed_seconds == counted
        assert clock.state == ("breached" if counted > clock.target_seconds else "met")


def test_another_standard_is_chosen_within_the_version_and_the_region(cast: Cast) -> None:
    load_version(V1, by=cast.ada)
    question = asked(cast, cast.nino, 0)
    load_version(V2, by=cast.ada)
    set_priority(question, to=Priority.URGENT, by=cast.bob)
    clock = question.clocks.get(kind=Clock.Kind.FIRST_RESPONSE)
    assert (clock.standard, clock.target_seconds) == ("urgent", 3600)
    assert clock.due_at == MONDAY + timedelta(hours=1)
    assert account_of(clock, at=MONDAY).time_zone == "Asia/Tbilisi"


@pytest.mark.parametrize("document", [V1, V2], ids=["as it was", "changed"])
def test_escalations_fire_as_they_were_planned(cast: Cast, document: str) -> None:
    load_version(V1, by=cast.ada)
    question = asked(cast, cast.nino, 0)
    load_version(document, by=cast.ada)
    fire_due()
    clock = question.clocks.get(kind=Clock.Kind.FIRST_RESPONSE)
    steps = Escalation.objects.filter(clock=clock).order_by("step")
    assert [step.fires_at for step in steps] == [MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=4)]
    assert all(step.fired_at for step in steps)
    assert (clock.state, clock.breached_at) == ("breached", MONDAY + timedelta(hours=4))
