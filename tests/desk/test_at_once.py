"""What happens when two things happen at once, and when one row is broken."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from answerable.desk import timers
from answerable.desk.actions import conversations
from answerable.desk.actions.conversations import assign, move, set_status, snooze, wake_due
from answerable.desk.actions.drafts import keep_draft
from answerable.desk.actions.messages import receive, reply, take_back
from answerable.desk.errors import Refused
from answerable.desk.models import Clock, Conversation, Delivery, Draft, Escalation, Message, Status
from answerable.desk.timers import fire_due
from answerable.events import setbacks
from answerable.events.models import Event
from answerable.policy.models import Version
from answerable.policy.running import compiled
from answerable.web.drafts import Elsewhere
from tests.at_once import at_the_same_time, waiting
from tests.cast import Cast
from tests.desk.test_clocks import POLICY, fresh, hours_ago, question
from tests.site.waiting import until

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_left_to_rest() -> Iterator[None]:
    """Who failed is remembered by the process, beyond the transaction that each test takes back."""
    yield
    for kind in (timers._clocks, timers._steps, conversations._sleepers):
        kind.forget()


@pytest.fixture
def version(cast: Cast) -> Version:
    from answerable.policy.actions import load_version

    return load_version(POLICY, by=cast.ada)


@pytest.mark.parametrize("then", [Status.PENDING, Status.SOLVED])
@pytest.mark.parametrize("answered_before", [False, True])
def test_a_reply_is_taken_back_after_the_customer_wrote_again(
    cast: Cast, version: Version, then: Status, answered_before: bool
) -> None:
    conversation = question(cast)
    if answered_before:
        reply(conversation, text="First.", by=cast.bob, seen_event=None, anyway=True)
        receive(conversation, contact=cast.dace, text="And?")
    kind = Clock.Kind.NEXT_RESPONSE if answered_before else Clock.Kind.FIRST_RESPONSE
    promised = conversation.clocks.get(kind=kind)
    answer = reply(conversation, text="Wrong.", by=cast.bob, seen_event=None, anyway=True, then=then)
    receive(conversation, contact=cast.dace, text="One thing more.")
    take_back(answer, by=cast.bob)
    going_on = conversation.clocks.filter(stopped_at=None)
    assert sorted(going_on.values_list("kind", flat=True)) == sorted([kind, Clock.Kind.RESOLUTION])
    assert going_on.get(kind=kind) == promised
    assert fresh(conversation).due_at == going_on.order_by("due_at")[0].due_at
    assert fresh(conversation).unanswered_since == promised.started_at


@pytest.mark.parametrize("then", [Status.PENDING, Status.SOLVED])
def test_the_first_of_two_replies_is_taken_back(cast: Cast, version: Version, then: Status) -> None:
    """The second keeps the promise, and the conversation is as the second left it."""
    conversation = question(cast)
    wrong = reply(conversation, text="Wrong.", by=cast.bob, seen_event=None, anyway=True, then=then)
    right = reply(conversation, text="Right.", by=cast.alice, seen_event=None, anyway=True, then=then)
    take_back(wrong, by=cast.bob)
    clock, row = conversation.clocks.get(kind=Clock.Kind.FIRST_RESPONSE), fresh(conversation)
    assert (clock.state, clock.stopped_at, clock.agent) == (Clock.State.MET, right.created_at, cast.alice)
    assert (row.status, row.first_answered_at, row.unanswered_since) == (then, right.created_at, None)
    assert row.first_answer_seconds is not None
    resolution = conversation.clocks.get(kind=Clock.Kind.RESOLUTION)
    assert (resolution.stopped_at is not None) == (row.solved_at is not None) == (then == Status.SOLVED)


def test_how_long_a_solution_took_is_kept(cast: Cast, version: Version) -> None:
    conversation = question(cast, hours=5)
    solved_at = conversation.created_at + timedelta(hours=3)
    set_status(conversation, to=Status.SOLVED, by=cast.bob, at=solved_at)
    assert fresh(conversation).solution_seconds == 3 * 3600
    set_status(conversation, to=Status.OPEN, by=cast.bob)
    assert fresh(conversation).solution_seconds is None


def test_analysts_are_given_nothing_to_answer(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    with pytest.raises(Refused):
        assign(conversation, to=cast.quinn, by=cast.alice)
    Conversation.objects.filter(pk=conversation.pk).update(assignee=cast.quinn)
    assert move(conversation, to=cast.latvia, by=cast.alice).assignee is None


def test_nothing_sleeps_beyond_the_calendar(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    with pytest.raises(Refused):
        snooze(conversation, until=timezone.now() + timedelta(days=3650), by=cast.bob)


def test_a_sleeper_put_off_meanwhile_sleeps_on(cast: Cast, version: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = question(cast)
    Conversation.objects.filter(pk=conversation.pk).update(snoozed_until=hours_ago(1))
    later = timezone.now() + timedelta(days=1)
    hold = conversations.locked

    def put_off_first(wanted: Conversation | int) -> Conversation:
        monkeypatch.undo()
        Conversation.objects.filter(pk=conversation.pk).update(snoozed_until=later)
        return hold(wanted)

    monkeypatch.setattr(conversations, "locked", put_off_first)
    wake_due()
    assert fresh(conversation).snoozed_until == later


def test_a_sleeper_that_cannot_wake_keeps_nobody_asleep(
    cast: Cast, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = question(cast), question(cast)
    Conversation.objects.filter(pk=broken.pk).update(snoozed_until=hours_ago(2))
    Conversation.objects.filter(pk=sound.pk).update(snoozed_until=hours_ago(1))
    hold = conversations.locked

    def trip(wanted: Conversation | int) -> Conversation:
        if wanted == broken.pk:
            raise ValueError("broken")
        return hold(wanted)

    monkeypatch.setattr(conversations, "locked", trip)
    monkeypatch.setattr(setbacks, "FIRST_WAIT_SECONDS", 600.0)
    wanted = wake_due(limit=1)
    wanted = wake_due(limit=1)
    assert fresh(sound).snoozed_until is None
    assert wanted is not None
    assert wanted > 300, "it does not spin around the broken one"


def test_a_policy_that_no_longer_compiles_stops_only_its_own_clocks(
    cast: Cast, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setbacks, "FIRST_WAIT_SECONDS", 600.0)
    broken, sound = question(cast, hours=100), question(cast, hours=99)
    bad = Version.objects.create(number=99, state=Version.State.RETIRED, title="", document="no toml", reason="")
    Clock.objects.filter(conversation=broken).update(version=bad)
    compiled.cache_clear()
    for _ in range(3):
        wanted = fire_due()
    assert set(sound.clocks.values_list("state", flat=True)) == {"breached"}
    assert not Escalation.objects.filter(clock__conversation=sound, fired_at=None).exists()
    assert wanted is not None
    assert wanted > 300


def test_a_clock_that_falls_due_later_by_now_is_computed_again(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    clock = conversation.clocks.get(kind=Clock.Kind.FIRST_RESPONSE)
    right = clock.due_at
    Clock.objects.filter(pk=clock.pk).update(due_at=hours_ago(1))  # as it was reckoned before a holiday was added
    fire_due()
    clock.refresh_from_db()
    assert (clock.state, clock.due_at) == (Clock.State.RUNNING, right)


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_rating_and_a_message_of_the_same_customer_do_not_block_each_other(cast: Cast) -> None:
    from answerable.feedback.actions.invitations import invite

    conversation = question(cast)
    reply(conversation, text="Done.", by=cast.bob, seen_event=None, anyway=True, then=Status.SOLVED)
    raised: list[Exception] = []

    def ask() -> None:
        try:
            invite(conversation)
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    asking = threading.Thread(target=ask, daemon=True)
    with transaction.atomic():
        conversations.locked(conversation)
        asking.start()
        until(lambda: waiting() == 1, what="the invitation waits for the conversation")
        Message.objects.create(conversation=conversation, kind="inbound", contact=cast.dace, text="Thanks")
    asking.join(20)
    assert not raised


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("was_kept_before", [True, False])
def test_what_is_kept_while_it_is_sent_is_no_draft_afterwards(cast: Cast, *, was_kept_before: bool) -> None:
    """The page keeps what is typed every few seconds; sending must not have to wait for the last of it."""
    conversation = question(cast)
    seen = Event.objects.latest("id").pk

    def keep(text: str) -> None:
        with suppress(Elsewhere):
            keep_draft(conversation, kind="outbound", text=text, by=cast.bob, seen_event=seen)
        connection.close()

    if was_kept_before:
        keep_draft(conversation, kind="outbound", text="Tomor", by=cast.bob, seen_event=seen)
    keeping = threading.Thread(target=keep, args=("Tomorrow.",), daemon=True)
    with transaction.atomic():
        reply(conversation, text="Tomorrow.", by=cast.bob, seen_event=seen)
        keeping.start()
        until(lambda: waiting() == 1, what="the draft waits for the conversation")
    keeping.join(20)
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_replies_at_once_the_second_is_told(cast: Cast) -> None:
    conversation = question(cast)
    seen = Event.objects.latest("id").pk
    raised = at_the_same_time(
        lambda: reply(conversation, text="Bob's.", by=cast.bob, seen_event=seen),
        lambda: reply(conversation, text="Alice's.", by=cast.alice, seen_event=seen),
    )
    assert [type(error).__name__ for error in raised] == ["Stale"]
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_escalation_fires_once_with_many_workers(cast: Cast) -> None:
    from answerable.policy.actions import load_version

    load_version(POLICY, by=cast.ada)
    questions = [question(cast, hours=100) for _ in range(3)]
    assert not at_the_same_time(*[fire_due] * 4)
    for verb in ("clock.escalated", "clock.breached"):
        subjects = Event.objects.filter(verb=verb).count()
        assert subjects == (3 * 3 if verb == "clock.escalated" else 2 * len(questions))


@pytest.mark.django_db(transaction=True)
def test_two_mails_of_one_conversation_begin_one_clock(cast: Cast) -> None:
    from answerable.policy.actions import load_version

    load_version(POLICY, by=cast.ada)
    conversation = question(cast)
    reply(conversation, text="So.", by=cast.bob, seen_event=None, anyway=True)
    twice = [lambda: receive(conversation, contact=cast.dace, text="And?")] * 4
    assert not at_the_same_time(*twice)
    assert conversation.clocks.filter(kind=Clock.Kind.NEXT_RESPONSE).count() == 1
    assert fresh(conversation).message_count == 6


@pytest.mark.django_db(transaction=True)
def test_a_reply_taken_back_while_it_is_sent_is_either_sent_or_undone(cast: Cast) -> None:
    from answerable.channels.email.outbox import send_due

    for _ in range(5):
        conversation = question(cast)
        message = reply(conversation, text="Hm.", by=cast.bob, seen_event=None, anyway=True)
        Delivery.objects.filter(message=message).update(due_at=timezone.now())
        raised = at_the_same_time(send_due, lambda message=message: take_back(message, by=cast.bob))  # type: ignore[misc]
        send_due()  # whoever found the row held comes back to it
        state = Delivery.objects.get(message=message).state
        assert (state, [type(error) for error in raised]) in [("sent", [Refused]), ("undone", [])]
