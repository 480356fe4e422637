"""An escalation tells by mail, too: in their language, once in ten minutes, and not against their wish."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from answerable.channels.email import alarms
from answerable.channels.email.alarms import mail_escalation
from answerable.channels.email.models import Mailbox, Relay
from answerable.channels.email.relays import Away
from answerable.desk.models import Clock, Conversation, Notice
from answerable.desk.timers import fire_due
from answerable.events.dispatch import dispatch
from answerable.events.models import Event
from answerable.people.models import User
from answerable.policy.actions import load_default
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter
from tests.channels.email.peers import Sink, free_port

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


def test_who_is_told_gets_one_mail(cast: Cast, late: Conversation, sink: Sink) -> None:
    User.objects.update(language="lv")
    events = escalate(late)
    assert events
    dispatch()
    assert {mail["To"] for mail in sink.mails} == {user.email for user in told(late)}
    assert len(sink.mails) == len(told(late))
    mail = sink.mails[0]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"/conversations/{late.pk}/" in mail.get_content()
    assert "A promise needs you" not in mail.get_content()  # it is in Latvian
    for event in events:
        mail_escalation(event)
    assert len(sink.mails) == len(told(late))
    Notice.objects.update(mailed_at=timezone.now() - alarms.AT_MOST_EVERY)
    mail_escalation(events[0])
    assert len(sink.mails) == len(told(late)) + 1


def test_nobody_is_written_to_against_their_wish_or_too_late(cast: Cast, late: Conversation, sink: Sink) -> None:
    User.objects.update(escalation_mail=False)
    (event, *_others) = escalate(late)
    dispatch()
    User.objects.update(escalation_mail=True)
    event.at -= alarms.TOO_LATE + timedelta(seconds=1)
    mail_escalation(event)
    assert not sink.mails
    event.at = timezone.now()
    Clock.objects.update(stopped_at=timezone.now())
    mail_escalation(event)
    assert not sink.mails


def test_without_a_relay_nobody_is_and_one_that_is_away_is_tried_again(cast: Cast, late: Conversation) -> None:
    (event, *_others) = escalate(late)
    mail_escalation(event)
    assert not Notice.objects.filter(mailed_at__isnull=False).exists()
    relay = Relay.objects.create(host="127.0.0.1", port=free_port(), security=Mailbox.Security.PLAIN)
    with pytest.raises(Away):
        mail_escalation(event)
    with Sink().open(relay.port) as sink:
        mail_escalation(event)
        assert len(sink.mails) == 1
