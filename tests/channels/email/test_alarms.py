"""An escalation tells by mail, too: in their language, once in ten minutes, and not against their wish."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from answerable.channels.email import jobs
from answerable.channels.email.alarms import mail_escalation
from answerable.channels.email.jobs import mail_failure, tell
from answerable.channels.email.models import Arrival, Mailbox, Relay
from answerable.desk.models import Clock, Conversation, Notice
from answerable.desk.timers import fire_due
from answerable.events.dispatch import dispatch
from answerable.events.jobs import Later, Never
from answerable.events.models import Event, PendingReaction
from answerable.events.record import record
from answerable.people.models import User
from answerable.policy.actions import load_default
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter
from tests.channels.email.peers import Sink
from tests.ports import free_port

pytestmark = pytest.mark.usefixtures("_backend")


@pytest.fixture
def _backend(settings: object) -> None:
    settings.EMAIL_BACKEND = "answerable.channels.email.backend.RelayBackend"  # type: ignore[attr-defined]


@pytest.fixture
def sink(cast: Cast) -> Iterator[Sink]:
    with Sink().open() as opened:
        Relay.objects.create(host="127.0.0.1", port=opened.port, security=Mailbox.Security.PLAIN)
        yield opened


@pytest.fixture
def late(cast: Cast) -> Conversation:
    """A conversation whose first promise is about to be escalated."""
    load_default(cast.company, by=None)
    arrive(letter())
    return Conversation.objects.get()


def escalate(conversation: Conversation) -> list[Event]:
    """The next step of each of its chains is due now."""
    for clock in conversation.clocks.all():
        step = clock.escalations.filter(fired_at=None).order_by("step").first()
        if step:
            clock.escalations.filter(pk=step.pk).update(fires_at=timezone.now())
    fire_due()
    return list(Event.objects.filter(verb="clock.escalated").order_by("pk"))


def told(conversation: Conversation) -> set[User]:
    return {notice.user for notice in Notice.objects.filter(conversation=conversation)}


def test_that_no_mail_comes_is_told_once_mail_leaves_again(cast: Cast) -> None:
    """What cuts us off from a mailbox mostly cuts us off from the relay as well."""
    there = {"inbox": cast.support_inbox, "host": "127.0.0.1", "port": free_port(), "username": "us"}
    mailbox = Mailbox.objects.create(**there, failing_since=timezone.now(), error="no route to it")
    relay = Relay.objects.create(host="127.0.0.1", port=free_port(), security=Mailbox.Security.PLAIN)
    with pytest.raises(Later):  # the job is tried again: tests/events/test_jobs.py
        mail_failure(person_id=cast.ada.pk, mailbox_id=mailbox.pk)
    with Sink().open() as sink:
        Relay.objects.filter(pk=relay.pk).update(port=sink.port)
        mail_failure(person_id=cast.ada.pk, mailbox_id=mailbox.pk)
        (said,) = sink.mails
    assert "no route to it" in said.get_content()


@pytest.fixture
def work(db: None) -> Callable[[], None]:
    """The jobs that were asked for, done here, and tried again where they have to be."""
    done: set[int] = set()

    def do() -> None:
        for row in ProcrastinateJob.objects.filter(task_name__endswith=".tell").exclude(pk__in=done).order_by("pk"):
            try:
                tell(**row.args)
            except Later:
                continue
            except Never:
                pass
            done.add(row.pk)

    return do


def tells(conversation: Conversation, *people: User) -> Event:
    """An escalation that told these."""
    for person in people:
        Notice.objects.get_or_create(user=person, conversation=conversation, kind="escalation")
    clock = conversation.clocks.order_by("pk")[0]
    outcome = {"do": "notify", "told": [person.pk for person in people]}
    return record("clock.escalated", subject=clock, root=conversation, by=None, outcome=outcome)


def test_who_is_told_gets_one_mail(cast: Cast, late: Conversation, sink: Sink, work: Callable[[], None]) -> None:
    User.objects.update(language="lv")
    events = escalate(late)
    assert events
    dispatch()
    work()
    assert {mail["To"] for mail in sink.mails} == {user.email for user in told(late)}
    assert len(sink.mails) == len(told(late))
    mail = sink.mails[0]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"/conversations/{late.pk}/" in mail.get_content()
    assert "A promise needs you" not in mail.get_content()  # it is in Latvian
    for event in events:
        mail_escalation(event)
    work()
    assert len(sink.mails) == len(told(late))
    Notice.objects.update(mailed_at=timezone.now() - jobs.AT_MOST_EVERY)
    mail_escalation(events[0])
    work()
    assert len(sink.mails) == len(told(late)) + 1


def test_nobody_is_written_to_against_their_wish_or_too_late(
    cast: Cast, late: Conversation, sink: Sink, work: Callable[[], None]
) -> None:
    User.objects.update(escalation_mail=False)
    (event, *_others) = escalate(late)
    dispatch()
    work()
    User.objects.update(escalation_mail=True)
    event.at -= jobs.TOO_LATE + timedelta(seconds=1)
    mail_escalation(event)
    work()
    assert not sink.mails
    event.at = timezone.now()
    Clock.objects.update(stopped_at=timezone.now())
    mail_escalation(event)
    work()
    assert not sink.mails


def test_without_a_relay_nobody_is_and_one_that_is_away_is_tried_again(
    cast: Cast, late: Conversation, work: Callable[[], None]
) -> None:
    (event, *_others) = escalate(late)
    mail_escalation(event)
    work()
    assert not Notice.objects.filter(mailed_at__isnull=False).exists()
    relay = Relay.objects.create(host="127.0.0.1", port=free_port(), security=Mailbox.Security.PLAIN)
    mail_escalation(event)
    work()
    assert not Notice.objects.filter(mailed_at__isnull=False).exists()
    with Sink().open(relay.port) as sink:
        work()
        assert len(sink.mails) == 1


def test_who_is_refused_is_no_reason_to_tell_the_others_again(
    cast: Cast, late: Conversation, sink: Sink, work: Callable[[], None]
) -> None:
    sink.refuse = {cast.alice.email: "550 No such user", cast.ada.email: "451 Come back later"}
    tells(late, cast.ada, cast.alice, cast.bob)
    dispatch()
    assert not PendingReaction.objects.exists()
    work()
    work()
    assert [mail["To"] for mail in sink.mails] == [cast.bob.email]
    sink.refuse.clear()
    work()
    assert [mail["To"] for mail in sink.mails] == [cast.bob.email, cast.ada.email]


def test_who_does_not_see_the_conversation_reads_nothing_of_it(
    cast: Cast, late: Conversation, sink: Sink, work: Callable[[], None]
) -> None:
    tells(late, cast.charlie)
    dispatch()
    work()
    assert not sink.mails


def test_an_inbox_that_is_told_opens_no_conversation(
    cast: Cast, late: Conversation, sink: Sink, work: Callable[[], None]
) -> None:
    User.objects.filter(pk=cast.bob.pk).update(email=cast.support_inbox.address)
    tells(late, cast.bob)
    dispatch()
    work()
    (told_so,) = sink.taken
    assert isinstance(told_so.content, bytes)
    arrive(told_so.content)
    assert Arrival.objects.latest("pk").outcome == Arrival.Outcome.LOOP
    assert Conversation.objects.count() == 1
