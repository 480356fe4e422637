"""Pilots: nobody without a yes, lots drawn once, clocks that keep their version, one action to end it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.customers.actions.merging import merge, undo_merge
from answerable.customers.models import Contact
from answerable.desk.actions.messages import receive, reply
from answerable.desk.actions.receiving import Beginning, Incoming, receive_all
from answerable.desk.models import Clock, Conversation, Status
from answerable.events.models import Event
from answerable.people.errors import Refused
from answerable.people.models import Membership
from answerable.policy.actions import begin_draft, load_version, return_to
from answerable.policy.actions.pilot_customers import agree, decline, invite, note_consent, of_segment, withdraw
from answerable.policy.actions.pilots import (
    add_staff,
    begin_pilot,
    cancel_pilot,
    promote,
    remove_staff,
    roll_back,
)
from answerable.policy.models import Arm, Pilot, PilotCustomer, Version
from answerable.policy.pilot_reactions import follow_merge, unfollow_merge
from answerable.policy.tested import changes_of
from tests.cast import Cast
from tests.policy.pilot_stage import Stage, crowd, set_stage


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def asks(cast: Cast, who: Contact, subject: str = "Where is it?") -> Conversation:
    """A conversation that a customer begins."""
    beginning = Beginning(inbox=cast.support_inbox, subject=subject)
    return receive_all([Incoming(to=beginning, contact=who, text="Hello.")])[0].conversation


def versions(conversation: Conversation) -> set[int]:
    return set(conversation.clocks.values_list("version__number", flat=True))


def test_only_the_conversations_of_those_in_it_run_under_it(stage: Stage) -> None:
    cast = stage.cast
    before = asks(cast, cast.dace)
    pilot = stage.begin()
    tried, other = asks(cast, cast.dace), asks(cast, cast.nino)
    assert (versions(before), versions(tried), versions(other)) == ({1}, {2}, {1})
    tried.refresh_from_db()
    assert tried.pilot_arm == Arm.PILOT
    assert tried.pilot_customer == pilot.customers.get(contact=cast.dace)
    receive(before, contact=cast.dace, text="And?")
    assert versions(before) == {1}  # it was going on before: none of the test's
    first = tried.clocks.get(kind=Clock.Kind.FIRST_RESPONSE)
    assert first.target_seconds == 2 * 3600
    assert Event.objects.get(verb="conversation.piloted").particulars == {"arm": "pilot", "version": 2}


def test_clocks_in_flight_keep_their_version_when_it_is_promoted(stage: Stage) -> None:
    cast = stage.cast
    pilot = stage.begin()
    tried, other = asks(cast, cast.dace), asks(cast, cast.nino)
    figures = list(Clock.objects.order_by("id").values("version", "target_seconds", "due_at", "standard"))
    promote(pilot, reason="It holds.", by=cast.ada)
    assert list(Clock.objects.order_by("id").values("version", "target_seconds", "due_at", "standard")) == figures
    reply(tried, text="Here.", by=cast.bob, seen_event=None, anyway=True)
    receive(other, contact=cast.nino, text="And?")
    assert (versions(tried), versions(other)) == ({2}, {1})
    assert versions(asks(cast, cast.nino)) == {2}
    stage.draft.refresh_from_db()
    stage.today.refresh_from_db()
    assert (stage.draft.state, stage.today.state) == (Version.State.IN_FORCE, Version.State.RETIRED)
    fresh = asks(cast, cast.dace)
    fresh.refresh_from_db()
    assert fresh.pilot_arm == ""


def test_clocks_in_flight_keep_their_version_when_it_is_rolled_back(stage: Stage) -> None:
    cast = stage.cast
    pilot = stage.begin()
    tried = asks(cast, cast.dace)
    figures = list(Clock.objects.order_by("id").values("version", "target_seconds", "due_at", "standard"))
    roll_back(pilot, reason="It does not hold.", by=cast.ada)
    assert list(Clock.objects.order_by("id").values("version", "target_seconds", "due_at", "standard")) == figures
    reply(tried, text="Here.", by=cast.bob, seen_event=None, then=Status.SOLVED, anyway=True)
    receive(tried, contact=cast.dace, text="No.")
    assert tried.clocks.get(kind=Clock.Kind.RESOLUTION, stopped_at=None).version == stage.today
    assert versions(asks(cast, cast.dace)) == {1}
    stage.draft.refresh_from_db()
    assert stage.draft.state == Version.State.RETIRED
    pilot.refresh_from_db()
    assert (pilot.state, pilot.words, pilot.ended_by) == (Pilot.State.ROLLED_BACK, "It does not hold.", cast.ada)
    with pytest.raises(Refused, match="in force once"):
        return_to(stage.draft, by=cast.ada, reason="After all.")


def test_who_withdraws_is_back_under_todays_promise_at_once(stage: Stage) -> None:
    cast = stage.cast
    pilot = stage.begin()
    tried = asks(cast, cast.dace)
    row = pilot.customers.get()
    withdraw(row, by=cast.bob)
    assert versions(tried) == {2}  # what runs, runs on
    reply(tried, text="Here.", by=cast.bob, seen_event=None, then=Status.SOLVED, anyway=True)
    receive(tried, contact=cast.dace, text="No.")
    assert tried.clocks.get(kind=Clock.Kind.RESOLUTION, stopped_at=None).version == stage.today
    assert versions(asks(cast, cast.dace)) == {1}
    row = agree(row)
    assert (row.arm, row.withdrawn_at) == (Arm.PILOT, None)
    assert versions(asks(cast, cast.dace)) == {2}


def test_lots_are_balanced_sticky_and_can_be_drawn_again(stage: Stage) -> None:
    people = crowd(12)
    pilot = stage.begin(*people[:9], share=50, seed="seed")
    for each in people[9:]:
        stage.agrees(pilot, each)
    arms = dict(pilot.customers.values_list("contact_id", "arm"))
    assert sum(arm == Arm.PILOT for arm in arms.values()) == 6
    for row in pilot.customers.all()[:4]:
        withdraw(row, by=None)
        agree(row)
    assert dict(pilot.customers.values_list("contact_id", "arm")) == arms
    control = pilot.customers.filter(arm=Arm.CONTROL).select_related("contact").first()
    assert control is not None
    asked = asks(stage.cast, control.contact)
    asked.refresh_from_db()
    assert (versions(asked), asked.pilot_arm) == ({1}, Arm.CONTROL)


def test_lots_are_balanced_within_each_segment(stage: Stage) -> None:
    people = crowd(12)
    Contact.objects.filter(pk__in=[each.pk for each in people[::3]]).update(segment=stage.cast.gold)
    pilot = stage.begin(*people, share=50, by_segment=True, seed="another")
    gold = pilot.customers.filter(stratum="gold")
    assert (gold.count(), gold.filter(arm=Arm.PILOT).count()) == (4, 2)
    assert pilot.customers.filter(stratum="", arm=Arm.PILOT).count() == 4


def test_a_batch_costs_the_same_whatever_runs(stage: Stage) -> None:
    cast = stage.cast

    def statements() -> int:
        beginning = Beginning(inbox=cast.support_inbox, subject="Again?")
        batch = [Incoming(to=beginning, contact=who, text="Hello.") for who in (cast.dace, cast.nino)]
        with CaptureQueriesContext(connection) as captured:
            receive_all(batch)
        return len(captured)

    asks(cast, cast.dace)
    without = statements()
    stage.begin()
    asks(cast, cast.dace)
    assert statements() == without


def test_nobody_is_in_it_without_having_said_yes(stage: Stage) -> None:
    cast = stage.cast
    pilot = stage.prepare()
    asked = invite(pilot, contacts=[cast.dace, cast.nino], by=cast.ada)
    assert (asked.now, asked.before, asked.unreachable) == (2, 0, 0)
    assert invite(pilot, contacts=[cast.dace], by=cast.ada).before == 1
    with pytest.raises(Refused, match="No customer has agreed"):
        begin_pilot(pilot, by=cast.ada)
    dace, nino = (pilot.customers.get(contact=who) for who in (cast.dace, cast.nino))
    agree(dace)
    decline(nino)
    begin_pilot(pilot, by=cast.ada)
    assert versions(asks(cast, cast.nino)) == {1}
    assert set(pilot.customers.exclude(arm="")) == {dace}
    with pytest.raises(IntegrityError), transaction.atomic():
        PilotCustomer.objects.filter(pk=nino.pk).update(arm=Arm.PILOT)
    with pytest.raises(Refused, match="where it can be read"):
        note_consent(pilot, contact=cast.nino, how="phone", words=" ", by=cast.bob)


def test_a_segment_is_asked_whole(stage: Stage) -> None:
    assert of_segment(stage.cast.gold) == [stage.cast.nino]  # by her organisation


def test_refusals_say_why(stage: Stage) -> None:
    cast = stage.cast

    def refused(words: str, **more: object) -> None:
        with pytest.raises(Refused, match=words):
            stage.prepare(**more)
        stage.draft.refresh_from_db()
        assert stage.draft.state == Version.State.DRAFT
        assert not Pilot.objects.exists()

    refused("in steps of ten", share=33)
    refused("1 to 50", smallest=0)
    refused("lies ahead", planned_end_on=timezone.localdate())
    Membership.objects.filter(user=cast.charlie).delete()
    charlie = type(cast.charlie).objects.get(pk=cast.charlie.pk)
    refused("Charlie is in no team", staff=[charlie])
    right = stage.draft.document
    Version.objects.filter(pk=stage.draft.pk).update(document=right.replace("2 working hours", "2 walking hours"))
    refused("mistake.*ine [0-9]+")
    Version.objects.filter(pk=stage.draft.pk).update(document=stage.today.document)
    refused("nothing to try")
    with pytest.raises(Refused, match="Only a draft"):
        Stage(cast, stage.today, stage.today).prepare()
    for person in (cast.alice, cast.bob, cast.charlie, cast.quinn):
        with pytest.raises(PermissionDenied):
            stage.prepare(by=person)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('within = "4 working hours"', 'within = "2 working hours"', "(2 working hours; "),
        ('monday = ["09:00-18:00"]', 'monday = ["10:00-18:00"]', "Mon 10:00-18:00, Tue 09:00-18:00"),
        ("[[escalation]]", "# told as before\n[[escalation]]", None),
    ],
    ids=["limit", "hours", "nothing"],
)
def test_what_is_tested_is_said_though_the_sentences_are_the_same(
    stage: Stage, old: str, new: str, said: str | None
) -> None:
    assert old in stage.today.document
    draft = begin_draft(based_on=None, document=stage.today.document.replace(old, new), by=stage.cast.ada)
    changes = changes_of(Stage(stage.cast, stage.today, draft).prepare(), "en")
    assert any(said in change.tested for change in changes) if said else changes == ()


def test_one_at_a_time_and_once(stage: Stage) -> None:
    cast = stage.cast
    pilot = stage.begin()
    with pytest.raises(Refused, match="begun already"):
        begin_pilot(pilot, by=cast.ada)
    other = begin_draft(based_on=None, document=stage.draft.document + "\n# again\n", by=cast.ada)
    with pytest.raises(Refused, match="One at a time"):
        Stage(cast, stage.today, other).prepare()
    with pytest.raises(Refused, match="has begun"):
        cancel_pilot(pilot, reason="x", by=cast.ada)
    with pytest.raises(Refused, match="Say why"):
        promote(pilot, reason=" ", by=cast.ada)
    with pytest.raises(Refused, match="Somebody has to answer"):
        remove_staff(pilot, person=cast.bob, by=cast.ada)
    roll_back(pilot, reason="Enough.", by=cast.ada)
    for again in (promote, roll_back):
        with pytest.raises(Refused, match="is over"):
            again(pilot, reason="x", by=cast.ada)
    for late in (agree, decline):
        with pytest.raises(Refused, match="is over"):
            late(pilot.customers.get())
    assert Stage(cast, stage.today, other).prepare().state == Pilot.State.PREPARING


def test_it_begins_with_somebody_only(stage: Stage) -> None:
    cast = stage.cast
    pilot = stage.prepare(staff=[])
    with pytest.raises(Refused, match="Nobody takes part yet"):
        begin_pilot(pilot, by=cast.ada)
    stage.agrees(pilot, cast.dace)
    with pytest.raises(Refused, match="Name who answers"):
        begin_pilot(pilot, by=cast.ada)
    add_staff(pilot, person=cast.bob, by=cast.ada)
    Membership.objects.filter(user=cast.bob).delete()
    with pytest.raises(Refused, match="Bob is in no team"):
        begin_pilot(pilot, by=cast.ada)
    cancel_pilot(pilot, reason="Nobody has time.", by=cast.ada)
    stage.draft.refresh_from_db()
    assert stage.draft.state == Version.State.DISCARDED


def test_a_failure_half_way_leaves_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: the version is not in force without the pilot being over, nor the other way round."""
    pilot = stage.begin()

    def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("answerable.policy.actions.pilots._record", broken)
    for act in (promote, roll_back):
        with pytest.raises(RuntimeError):
            act(pilot, reason="x", by=stage.cast.ada)
        assert Version.objects.in_force() == stage.today
        assert Pilot.objects.get().is_running


def test_what_is_in_pilot_was_checked_when_it_is_promoted(stage: Stage) -> None:
    """Another version came into force meanwhile: promoting replaces that."""
    pilot = stage.begin()
    newer = load_version(stage.today.document + "\n# newer\n", by=stage.cast.ada, reason="Meanwhile.")
    assert versions(asks(stage.cast, stage.cast.nino)) == {newer.number}
    promote(pilot, reason="It holds.", by=stage.cast.ada)
    assert Version.objects.in_force() == stage.draft


class TestMerges:
    """Two contacts turn out to be one."""

    def merged(self, kept: Contact, absorbed: Contact) -> Event:
        row = merge(kept, absorb=absorbed, by=None)
        event = Event.objects.get(verb="contact.merged", particulars__merge=row.pk)
        follow_merge(event)
        follow_merge(event)  # at least once
        return event

    def undone(self, event: Event) -> None:
        from answerable.customers.models import Merge

        undo_merge(Merge.objects.get(pk=event.particulars["merge"]), by=None)
        back = Event.objects.get(verb="contact.unmerged")
        unfollow_merge(back)
        unfollow_merge(back)

    def test_the_arm_goes_with_them(self, stage: Stage) -> None:
        cast = stage.cast
        pilot = stage.begin()
        event = self.merged(cast.nino, cast.dace)
        row = pilot.customers.get()
        assert (row.contact, row.arm) == (cast.nino, Arm.PILOT)
        assert versions(asks(cast, cast.nino)) == {2}
        self.undone(event)
        row.refresh_from_db()
        assert row.contact == cast.dace

    def test_of_two_arms_the_first_stays(self, stage: Stage) -> None:
        people = crowd(8)
        pilot = stage.begin(*people, share=50, seed="seed")
        rows = {row.contact_id: row for row in pilot.customers.all()}
        first = people[0]
        other = next(each for each in people[1:] if rows[each.pk].arm != rows[first.pk].arm)
        event = self.merged(other, first)
        kept, closed = pilot.customers.get(contact=other), pilot.customers.get(contact=first)
        assert (kept.pk, kept.arm, kept.takes_part) == (rows[first.pk].pk, rows[first.pk].arm, True)
        assert (closed.pk, closed.takes_part) == (rows[other.pk].pk, False)
        self.undone(event)
        assert {row.contact_id: (row.pk, row.takes_part) for row in pilot.customers.all()} == {
            pk: (row.pk, True) for pk, row in rows.items()
        }

    def test_the_no_of_either_is_a_no_of_both(self, stage: Stage) -> None:
        cast = stage.cast
        pilot = stage.begin(cast.dace, cast.nino)
        withdraw(pilot.customers.get(contact=cast.nino), by=None)
        self.merged(cast.dace, cast.nino)
        assert not pilot.customers.taking_part().exists()
        assert versions(asks(cast, cast.dace)) == {1}

    def test_who_is_somebody_else_by_now_is_not_asked(self, stage: Stage) -> None:
        cast = stage.cast
        pilot = stage.prepare()
        merge(cast.dace, absorb=cast.nino, by=None)
        cast.nino.refresh_from_db()
        with pytest.raises(Refused, match="merged into Dace"):
            invite(pilot, contacts=[cast.nino], by=cast.ada)
        with pytest.raises(Refused, match="merged into Dace"):
            stage.agrees(pilot, cast.nino)


def test_the_planned_end_lies_ahead_when_it_begins(stage: Stage) -> None:
    pilot = stage.prepare()
    stage.agrees(pilot, stage.cast.dace)
    with pytest.raises(Refused, match="planned end has passed"):
        begin_pilot(pilot, by=stage.cast.ada, at=timezone.now() + timedelta(days=40))
