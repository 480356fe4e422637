"""What happens at the desk reaches a real receiver, at least once, signed, and in order."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import given, settings, strategies
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from answerable.api.webhooks import actions, health, sending
from answerable.api.webhooks.following import follow
from answerable.api.webhooks.jobs import mail_stop
from answerable.api.webhooks.keeping import KEPT, forget_old
from answerable.api.webhooks.loop import tell_webhooks
from answerable.api.webhooks.models import Attempt, Delivery, Webhook
from answerable.api.webhooks.signing import signature
from answerable.api.webhooks.waits import GIVE_UP_AFTER
from answerable.desk.errors import Refused
from answerable.events.models import Event
from answerable.events.record import record
from answerable.people.models import Company
from tests import cast as people
from tests.cast import Cast
from tests.receiver import Receiver, Reply, receiving

if TYPE_CHECKING:
    from tests.api.webhooks.conftest import Told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return people.play()


def happen(cast: Cast, *verbs: str, team: int | None = None) -> list[Event]:
    return [record(verb, subject=cast.dace, by=cast.bob, team_id=team or cast.support.pk) for verb in verbs]


def send_all(webhook: Webhook) -> int:
    while follow(webhook.pk):
        pass
    return sending.work_off(webhook.pk)


def test_what_happens_is_told_signed_and_in_order(cast: Cast, told: Told, receiver: Receiver) -> None:
    happen(cast, "conversation.opened")  # before
    webhook, secret = told(cast)
    events = happen(cast, "conversation.opened", "message.received", "contact.changed", "conversation.solved")
    assert send_all(webhook) == 3
    bodies = [json.loads(taken.body) for taken in receiver.taken]
    assert [body["type"] for body in bodies] == ["conversation.opened", "message.received", "conversation.solved"]
    told_of = bodies[0]["data"]
    assert told_of["event"]["id"] == events[0].pk
    assert told_of["event"]["actor"] == {"id": cast.bob.pk, "name": "Bob"}
    assert told_of["contact"]["addresses"][0]["value"] == "dace@customer.example"
    for taken in receiver.taken:
        key, at = taken.headers["webhook-id"], int(taken.headers["webhook-timestamp"])
        assert taken.headers["webhook-signature"] == signature(secret, key, at, taken.body)
        assert abs(at - timezone.now().timestamp()) < 300
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}
    assert [(one.status, one.answer) for one in Attempt.objects.all()] == [(200, "thank you")] * 3
    assert send_all(webhook) == 0


def test_where_there_is_no_webhook_nothing_is_written_and_one_thing_asked(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    happen(cast, "conversation.opened")
    with django_assert_num_queries(1):
        assert tell_webhooks() is None
    assert not Delivery.objects.exists()


def test_teams_are_told_of_with_those_below_and_nobody_else(cast: Cast, told: Told) -> None:
    webhook, _secret = told(cast, "conversations", "customers", teams=[cast.support])
    happen(cast, "conversation.opened", team=cast.latvia.pk)
    happen(cast, "conversation.opened", team=cast.sales.pk)
    record("contact.added", subject=cast.dace, by=None)
    follow(webhook.pk)
    assert Delivery.objects.count() == 1


def test_what_ends_late_is_not_missed(cast: Cast, told: Told) -> None:
    """An event gets its number when it is written, and is seen when its transaction ends, perhaps after others."""
    webhook, _secret = told(cast)
    with transaction.atomic():
        [slow] = happen(cast, "conversation.opened")
        import threading

        def meanwhile() -> None:
            happen(cast, "conversation.solved")
            follow(webhook.pk)
            connection.close()

        other = threading.Thread(target=meanwhile, daemon=True)
        other.start()
        other.join()
    assert [row.verb for row in Delivery.objects.all()] == ["conversation.solved"]
    follow(webhook.pk)
    assert set(Delivery.objects.values_list("verb", flat=True)) == {"conversation.solved", "conversation.opened"}
    assert Delivery.objects.filter(event=slow).count() == 1


def test_a_failure_is_tried_again_with_the_same_id_and_words(cast: Cast, told: Told, receiver: Receiver) -> None:
    webhook, _secret = told(cast)
    receiver.reply = lambda _taken: Reply(503, b"later", {"Retry-After": "600"})
    happen(cast, "conversation.opened")
    send_all(webhook)
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == (Delivery.State.WAITING, 1)
    assert row.due_at > timezone.now() + timedelta(minutes=9)
    assert sending.work_off(webhook.pk) == 0
    receiver.reply = lambda _taken: Reply()
    Delivery.objects.update(due_at=timezone.now())
    assert sending.work_off(webhook.pk) == 1
    first, second = receiver.taken
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    assert Delivery.objects.get().state == Delivery.State.DELIVERED
    assert Webhook.objects.get().failing_since is None


def test_one_that_fails_holds_up_none_of_the_others(cast: Cast, told: Told, receiver: Receiver) -> None:
    webhook, _secret = told(cast)
    receiver.reply = lambda taken: Reply(500 if b"opened" in taken.body else 200)
    happen(cast, "conversation.opened", "conversation.solved")
    send_all(webhook)
    assert dict(Delivery.objects.values_list("verb", "state")) == {
        "conversation.opened": "waiting",
        "conversation.solved": "delivered",
    }


def test_after_three_days_it_is_given_up_switched_off_and_said(cast: Cast, told: Told, receiver: Receiver) -> None:
    webhook, _secret = told(cast)
    receiver.reply = lambda _taken: Reply(500)
    happen(cast, "conversation.opened")
    send_all(webhook)
    long_ago = timezone.now() - GIVE_UP_AFTER - timedelta(hours=1)
    Delivery.objects.update(begun_at=long_ago, due_at=timezone.now())
    Webhook.objects.update(failing_since=long_ago, rests_until=None)
    sending.work_off(webhook.pk)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        mail_stop(**ProcrastinateJob.objects.filter(task_name__endswith=".mail_stop").latest("pk").args)
    webhook.refresh_from_db()
    assert Delivery.objects.get().state == Delivery.State.FAILED
    assert webhook.stopped_at is not None
    assert webhook.stopped_because == "HTTP 500"
    assert [letter.to for letter in mail.outbox] == [["ada@example.com"]]
    assert Event.objects.filter(verb="webhook.stopped").count() == 1
    happen(cast, "conversation.solved")
    assert tell_webhooks() is None
    actions.switch_on(webhook, by=cast.ada)
    assert not follow(webhook.pk)
    assert Delivery.objects.count() == 1  # what happened while it was off comes by a replay


def test_a_receiver_that_wants_no_more_is_left_alone_at_once(cast: Cast, told: Told, receiver: Receiver) -> None:
    webhook, _secret = told(cast)
    receiver.reply = lambda _taken: Reply(410)
    happen(cast, "conversation.opened", "conversation.solved")
    assert send_all(webhook) == 1
    assert Webhook.objects.get().stopped_at is not None


def test_failing_again_and_again_it_rests(cast: Cast, told: Told, receiver: Receiver) -> None:
    webhook, _secret = told(cast)
    receiver.reply = lambda _taken: Reply(500)
    happen(cast, *["conversation.opened"] * (health.RESTS_FROM + 3))
    assert send_all(webhook) == health.RESTS_FROM
    assert sending.work_off(webhook.pk) == 0


def test_both_secrets_sign_until_the_old_one_is_forgotten(cast: Cast, told: Told, receiver: Receiver) -> None:
    webhook, old = told(cast)
    new = actions.change_secret(webhook, by=cast.ada)
    for valid in ([new, old], [new]):
        happen(cast, "conversation.opened")
        send_all(webhook)
        taken = receiver.taken[-1]
        key, at = taken.headers["webhook-id"], int(taken.headers["webhook-timestamp"])
        assert taken.headers["webhook-signature"].split() == [signature(one, key, at, taken.body) for one in valid]
        actions.forget_previous(webhook, by=cast.ada)
    assert new not in str(Webhook.objects.values().get())


def test_nothing_is_sent_to_the_inside(cast: Cast, receiver: Receiver, told: Told) -> None:
    webhook, _secret = told(cast)
    with override_settings(OUTWARD_HOSTS=frozenset()):
        happen(cast, "conversation.opened")
        send_all(webhook)
    assert receiver.taken == []
    row = Delivery.objects.get()
    assert row.state == Delivery.State.FAILED
    assert "https://" in row.tries.get().error


def test_one_is_sent_again_and_a_range_in_order_also_what_was_missed(
    cast: Cast, told: Told, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, _secret = told(cast)
    since = timezone.now()
    happen(cast, "conversation.opened")
    send_all(webhook)
    actions.replay(Delivery.objects.get(), by=cast.ada)
    with pytest.raises(Refused):
        actions.replay(Delivery.objects.get(), by=cast.ada)
    assert send_all(webhook) == 1
    actions.switch_off(webhook, by=cast.ada)
    happen(cast, "conversation.solved", "contact.changed", "conversation.reopened")
    webhook.refresh_from_db()
    with pytest.raises(Refused):
        actions.replay_between(webhook, since=since, until=timezone.now(), by=cast.ada)
    actions.switch_on(webhook, by=cast.ada)
    webhook.refresh_from_db()
    with monkeypatch.context() as patch:
        patch.setattr(actions, "MOST_REPLAYED", 2)
        with pytest.raises(Refused, match="more than 2"):
            actions.replay_between(webhook, since=since, until=timezone.now(), by=cast.ada)
    assert actions.replay_between(webhook, since=since, until=timezone.now(), by=cast.ada) == 3
    send_all(webhook)
    verbs = [json.loads(taken.body)["type"].partition(".")[2] for taken in receiver.taken]
    assert verbs == ["opened", "opened", "opened", "solved", "reopened"]
    assert len({taken.headers["webhook-id"] for taken in receiver.taken}) == 3


def test_the_log_is_kept_for_a_month(cast: Cast, told: Told) -> None:
    webhook, _secret = told(cast)
    happen(cast, "conversation.opened", "conversation.solved")
    send_all(webhook)
    Delivery.objects.filter(verb="conversation.opened").update(created_at=timezone.now() - KEPT - timedelta(days=1))
    assert (forget_old(), forget_old()) == (1, 0)
    assert [row.verb for row in Delivery.objects.all()] == ["conversation.solved"]


STARTS_WITHIN_SECONDS = 900.0
KILLED = """
import django; django.setup()
from answerable.api.webhooks import sending
sending.work_off({pk})
"""


def test_killed_between_the_attempt_and_the_note_it_is_sent_again(cast: Cast, told: Told, receiver: Receiver) -> None:
    webhook, _secret = told(cast)
    happen(cast, "conversation.opened")
    follow(webhook.pk)
    told_of = receiver.port

    def kill(_taken: object) -> Reply:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        return Reply()

    receiver.reply = kill
    place = connection.get_connection_params()
    where = f"postgresql://{place['user']}@:{place['port']}/{place['dbname']}?host={place['host'].replace('/', '%2F')}"
    known = {"DATABASE_URL": where, "ANSWERABLE_OUTWARD_HOSTS": f"127.0.0.1:{told_of}"}
    worker = subprocess.Popen([sys.executable, "-c", KILLED.format(pk=webhook.pk)], env={**os.environ, **known})
    assert worker.wait(STARTS_WITHIN_SECONDS) == -signal.SIGKILL  # however long a loaded machine takes to start it
    assert len(receiver.taken) == 1
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.tries.get().took_ms) == (Delivery.State.WAITING, 1, None)
    assert sending.work_off(webhook.pk) == 0  # while the lease lasts
    Webhook.objects.update(leased_until=timezone.now())
    receiver.reply = lambda _taken: Reply()
    assert sending.work_off(webhook.pk) == 1
    assert [taken.headers["webhook-id"] for taken in receiver.taken] == [row.key] * 2
    assert Delivery.objects.get().state == Delivery.State.DELIVERED


@given(seed=strategies.integers(0, 2**32))
@settings(max_examples=6)
def test_every_event_of_a_verb_asked_for_arrives(seed: int) -> None:
    """However transactions end, workers stop halfway, and the receiver answers."""
    chance = random.Random(seed)
    company = Company.objects.create(name="Example Ltd", country="LV", time_zone="Europe/Riga")
    wrong = chance.choice([0.0, 0.4])
    try:
        with receiving(lambda _taken: Reply(500 if chance.random() < wrong else 200)) as receiver:
            named = frozenset({f"127.0.0.1:{receiver.port}"})
            with override_settings(OUTWARD_HOSTS=named):
                webhook, _secret = actions.add_webhook(
                    name="A",
                    url=receiver.url,
                    groups=["conversations"],
                    teams=[],
                    by=None,  # type: ignore[arg-type]
                )
                wanted = set()
                for _round in range(chance.randrange(2, 6)):
                    for _ in range(chance.randrange(0, 7)):
                        verb = chance.choice(["conversation.opened", "conversation.solved", "clock.breached"])
                        try:
                            with transaction.atomic():
                                event = record(verb, subject=company, by=None)
                                if chance.random() < 0.2:
                                    raise InterruptedError
                        except InterruptedError:
                            continue
                        if verb != "clock.breached":
                            wanted.add(f"event-{event.pk}")
                    if chance.random() < 0.7:
                        follow(webhook.pk)
                    if chance.random() < 0.3:
                        sending.claim(webhook.pk, "killed")  # and never heard of again
                    if chance.random() < 0.5:
                        sending.work_off(webhook.pk)
                follow(webhook.pk)
                while Delivery.objects.filter(state=Delivery.State.WAITING).exists():
                    Delivery.objects.update(due_at=timezone.now())
                    Webhook.objects.update(leased_until=None, rests_until=None)
                    sending.work_off(webhook.pk)
                assert {taken.headers["webhook-id"] for taken in receiver.taken} == wanted
                assert Delivery.objects.count() == len(wanted)
    finally:
        Webhook.objects.all().delete()
        company.delete()
