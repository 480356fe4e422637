"""Idempotency keys: done once, however it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.utils import timezone

from answerable.api.models import Answered
from answerable.api.once import forget_old
from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.messages import receive
from answerable.desk.models import Conversation, Message
from tests.api.program import Program
from tests.cast import Cast, play

if TYPE_CHECKING:
    from django.http import HttpResponse

NOTE = {"kind": "note", "text": "The parcel is in Riga."}


def begun(cast: Cast) -> Conversation:
    row = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="Where is it?", by=None)
    receive(row, contact=cast.dace, text="I ordered a book on Monday.")
    return row


def test_the_same_request_is_answered_again_and_another_is_refused(cast: Cast) -> None:
    path, bob, alice = f"/conversations/{begun(cast).pk}/messages", Program(cast.bob), Program(cast.alice)
    first = bob.post(path, NOTE, idempotency_key="a")
    again = bob.post(path, NOTE, idempotency_key="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [again.headers[name] for name in ("Location", "ETag")] == [
        first.headers[name] for name in ("Location", "ETag")
    ]
    other = bob.post(path, NOTE | {"text": "It is in Tbilisi."}, idempotency_key="a")
    assert other.status_code == 409
    assert other.json()["type"].endswith("#key-reused")
    assert alice.post(path, NOTE, idempotency_key="a").status_code == 201
    assert Message.objects.filter(kind="note").count() == 2


def test_what_was_refused_may_be_tried_again(cast: Cast) -> None:
    bob = Program(cast.bob)
    wrong = {"address": "nino@harbour.example"}
    assert bob.post("/contacts", wrong, idempotency_key="a").status_code == 422
    assert bob.post("/contacts", {"address": "new@harbour.example"}, idempotency_key="a").status_code == 201


def test_keys_are_forgotten_after_a_day(cast: Cast) -> None:
    path, bob = f"/conversations/{begun(cast).pk}/messages", Program(cast.bob)
    bob.post(path, NOTE, idempotency_key="a")
    Answered.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert bob.post(path, NOTE, idempotency_key="a").status_code == 201
    assert Message.objects.filter(kind="note").count() == 2
    Answered.objects.update(created_at=timezone.now() - timedelta(hours=25))
    forget_old()
    assert not Answered.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_it_once() -> None:
    cast = play()
    path, bob, together = f"/conversations/{begun(cast).pk}/messages", Program(cast.bob), Barrier(2)

    def send(_number: int) -> HttpResponse:
        try:
            together.wait()
            return bob.post(path, NOTE, idempotency_key="a")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert Message.objects.filter(kind="note").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_is_killed_in_the_middle_has_done_nothing() -> None:
    """Its connection ends while it waits for the conversation, with the key claimed and nothing yet committed."""
    cast = play()
    row, bob = begun(cast), Program(cast.bob)

    def send() -> HttpResponse:
        try:
            return bob.post(f"/conversations/{row.pk}/messages", NOTE, idempotency_key="a")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=row.pk)
            sent = pool.submit(send)
            killed = 0
            while not killed:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                    )
                    killed = cursor.fetchone()[0]
        assert sent.result().status_code == 503
    assert not Message.objects.filter(kind="note").exists()
    assert bob.post(f"/conversations/{row.pk}/messages", NOTE, idempotency_key="a").status_code == 201
    assert Message.objects.filter(kind="note").count() == 1
