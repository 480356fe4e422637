"""Both arms of a pilot side by side, and the verdict that is kept when it ends."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.core.experiment import Finding
from answerable.desk.models import Clock, Conversation
from answerable.events.models import Event
from answerable.feedback.models import Invitation, Rating
from answerable.insight.names import promises
from answerable.insight.pilots import results_of
from answerable.policy.actions import load_version
from answerable.policy.actions.pilot_customers import withdraw
from answerable.policy.actions.pilots import promote
from answerable.policy.models import Arm, Pilot, Version
from answerable.policy.running import policy_of
from answerable.site.verdicts import keep_pilot_verdict
from tests.cast import Cast
from tests.policy.pilot_stage import Stage, crowd, set_stage
from tests.policy.test_pilots import asks

WEEK = timedelta(days=7)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def answered(conversation: Conversation, cast: Cast, *, in_time: bool, by: object = None) -> None:
    """As it stands a week later: the first answer given, in time or not."""
    asked_at = conversation.created_at
    state = Clock.State.MET if in_time else Clock.State.BREACHED
    conversation.clocks.filter(kind=Clock.Kind.FIRST_RESPONSE).update(
        state=state,
        agent=by or cast.bob,
        stopped_at=asked_at + timedelta(hours=1),
        due_at=asked_at + timedelta(hours=2),
        elapsed_seconds=3600,
    )
    Conversation.objects.filter(pk=conversation.pk).update(
        first_answered_at=asked_at + timedelta(hours=1), first_answer_seconds=3600
    )


def rated(conversation: Conversation, score: int) -> None:
    invitation = Invitation.objects.create(
        conversation=conversation, contact=conversation.contact, team=conversation.team, channel="email", language="en"
    )
    Rating.objects.create(invitation=invitation, score=score)


def test_both_arms_are_counted_by_customer(stage: Stage) -> None:
    cast, people = stage.cast, crowd(4)
    pilot = stage.begin(*people, share=50, seed="seed")
    arms = dict(pilot.customers.values_list("contact_id", "arm"))
    tried = [who for who in people if arms[who.pk] == Arm.PILOT]
    control = [who for who in people if arms[who.pk] == Arm.CONTROL]
    for who, in_time in ((tried[0], True), (tried[0], True), (tried[1], True), (control[0], True), (control[1], False)):
        answered(asks(cast, who), cast, in_time=in_time)
    outsider = asks(cast, tried[1])
    answered(outsider, cast, in_time=False, by=cast.alice)
    rated(outsider, 5)
    asks(cast, cast.dace)  # in no arm
    found = results_of(pilot, at=timezone.now() + WEEK)
    first = next(each for each in found.shares if each.measure == "first_response")
    assert (first.pilot.estimate.value, first.pilot.estimate.n, first.pilot.clusters) == (0.75, 4, 2)
    assert (first.control.estimate.value, first.control.estimate.n) == (0.5, 2)
    assert first.is_judged
    csat = next(each for each in found.shares if each.measure == "csat")
    assert (csat.pilot.estimate.value, csat.control.estimate.value) == (1.0, None)
    assert (found.outside, found.answered, found.conversations) == (1, 4, (4, 2))
    median = next(each for each in found.waits if each.measure == "first_response" and not each.is_business)
    assert median.pilot.value == 3600
    assert found.judgement.finding is Finding.OPEN
    assert not found.is_last_look


def test_what_is_not_due_waits_outside(stage: Stage) -> None:
    pilot = stage.begin()
    asks(stage.cast, stage.cast.dace)
    assert results_of(pilot).judgement.first.estimate.n == 0
    late = results_of(pilot, at=timezone.now() + 4 * WEEK)
    assert (late.judgement.first.estimate.value, late.judgement.first.estimate.n) == (0.0, 1)
    assert late.judgement.finding is Finding.UNKNOWN


def test_who_left_counts_until_then(stage: Stage) -> None:
    cast = stage.cast
    pilot = stage.begin(*crowd(2), cast.dace)
    answered(asks(cast, cast.dace), cast, in_time=True)
    withdraw(pilot.customers.get(contact=cast.dace), by=None)
    answered(asks(cast, cast.dace), cast, in_time=False)
    found = results_of(pilot, at=timezone.now() + WEEK).judgement.first.estimate
    assert (found.value, found.n) == (1.0, 1)


def test_without_lots_everybody_else_is_the_control_and_the_page_warns(stage: Stage) -> None:
    cast = stage.cast
    before = asks(cast, cast.nino)
    Conversation.objects.filter(pk=before.pk).update(created_at=timezone.now() - WEEK)
    pilot = stage.begin()
    answered(asks(cast, cast.dace), cast, in_time=True)
    answered(asks(cast, cast.nino), cast, in_time=True)
    found = results_of(pilot, at=timezone.now() + WEEK)
    assert found.conversations == (1, 1)
    client = Client()
    client.force_login(cast.bob)
    page = client.get(f"/policy/pilots/{pilot.pk}/results/")
    assert "No lots were drawn" in page.text
    assert "Everybody else" in page.text


def test_another_version_meanwhile_is_said(stage: Stage) -> None:
    pilot = stage.begin()
    assert results_of(pilot).another_at is None
    newer = load_version(stage.today.document + "\n# newer\n", by=stage.cast.ada, reason="Meanwhile.")
    assert results_of(pilot).another_at == newer.in_force_at


def test_a_reader_sees_what_their_teams_did(stage: Stage) -> None:
    cast = stage.cast
    pilot = stage.begin(cast.dace, *crowd(3), share=50, seed="seed")
    charlie, bob = Client(), Client()
    charlie.force_login(cast.charlie)
    bob.force_login(cast.bob)
    address = f"/policy/pilots/{pilot.pk}/results/"

    def statements() -> int:
        for row in pilot.customers.select_related("contact"):
            answered(asks(cast, row.contact), cast, in_time=True)
        bob.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert "No conversation that you may see" not in bob.get(address).text
        return len(captured)

    assert statements() == statements() == 8
    assert "No conversation that you may see" in charlie.get(address).text
    assert bob.get("/policy/pilots/4711/results/").status_code == 404


def test_the_verdict_is_kept_when_it_ends(stage: Stage) -> None:
    pilot = stage.begin()
    answered(asks(stage.cast, stage.cast.dace), stage.cast, in_time=True)
    promote(pilot, reason="It holds.", by=stage.cast.ada)
    event = Event.objects.get(verb="pilot.promoted")
    keep_pilot_verdict(event)
    kept = Pilot.objects.get().verdict
    assert kept is not None
    assert kept["finding"] == "unknown"
    assert kept["as_of"] == event.at.isoformat()
    Conversation.objects.update(spam_at=timezone.now())
    keep_pilot_verdict(event)
    assert Pilot.objects.get().verdict == kept
    client = Client()
    client.force_login(stage.cast.ada)
    assert "What was known then" in client.get(f"/policy/pilots/{pilot.pk}/").text


def test_a_promise_is_called_as_the_policy_in_force_says_it(stage: Stage) -> None:
    stage.begin(*crowd(2), share=50, seed="seed")
    in_force = policy_of(Version.objects.get(state=Version.State.IN_FORCE))
    tried = policy_of(Version.objects.get(state=Version.State.PILOT))
    key = next(key for key in in_force.standards if in_force.standards[key].promise != tried.standards[key].promise)
    assert promises()[key] == in_force.standards[key].promise_in("en")
