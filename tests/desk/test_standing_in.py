"""Escalation to someone absent goes to who stands in, and says so: in outcome, timeline, notice and mail."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from answerable.channels.email.alarms import mail_escalation
from answerable.desk.actions.conversations import assign
from answerable.desk.models import Conversation, Escalation, Notice
from answerable.desk.timers import fire_due
from answerable.events.models import Event
from answerable.people.models import Absence, User
from answerable.policy.actions import load_version
from answerable.policy.models import Version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY, fresh, question


@pytest.fixture
def version(cast: Cast) -> Version:
    return load_version(POLICY, by=cast.ada)


def away(user: User, stand_in: User | None = None) -> None:
    now = timezone.now()
    Absence.objects.create(
        user=user,
        kind="illness",
        begins_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        stand_in=stand_in,
        state="approved",
        asked_by=user,
    )


def outcomes(conversation: Conversation) -> list[dict[str, object]]:
    rows = Escalation.objects.filter(clock__conversation=conversation).exclude(fired_at=None)
    return list(rows.order_by("step").values_list("outcome", flat=True))


def test_the_stand_in_is_told_and_is_handed_what_the_lead_would_be(cast: Cast, version: Version) -> None:
    away(cast.alice, cast.bob)
    conversation = question(cast, hours=7)
    fire_due()
    pair = [[cast.bob.pk, cast.alice.pk]]
    assert outcomes(conversation) == [
        {"do": "notify", "told": [cast.bob.pk], "instead_of": pair},
        {"do": "raise_priority", "before": 2, "to": 3},
        {"do": "reassign", "assignee": cast.bob.pk, "instead_of": pair},
    ]
    assert fresh(conversation).assignee == cast.bob
    notice = Notice.objects.get(user=cast.bob, kind="escalation")
    assert notice.words == "A promise needs you, who stand in for Alice: First response"
    assert not Notice.objects.filter(user=cast.alice).exists()


def test_an_assignee_who_is_away_without_a_stand_in_leaves_it_to_the_lead(cast: Cast, version: Version) -> None:
    conversation = question(cast, hours=3)
    assign(conversation, to=cast.bob, by=cast.alice)
    away(cast.bob)
    fire_due()
    assert outcomes(conversation) == [
        {"do": "notify", "told": [cast.alice.pk], "instead_of": [[cast.alice.pk, cast.bob.pk]]}
    ]


def test_the_explanation_and_the_timeline_say_so(client: Client, cast: Cast, version: Version) -> None:
    away(cast.alice, cast.bob)
    conversation = question(cast, hours=7)
    fire_due()
    client.force_login(cast.bob)
    clock = conversation.clocks.get(standard="first")
    page = client.get(reverse("clock", args=[clock.pk])).content.decode()
    assert "told Bob, who stands in for Alice" in page
    assert "handed over to Bob, who stands in for Alice" in page
    page = client.get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "Bob, who stands in for Alice" in page


def test_the_mail_goes_to_the_stand_in(cast: Cast, version: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    away(cast.alice, cast.bob)
    question(cast, hours=3)
    fire_due()
    (event,) = Event.objects.filter(verb="clock.escalated")
    asked: list[int] = []
    monkeypatch.setattr("answerable.channels.email.alarms.relay_of", lambda _inbox: object())
    monkeypatch.setattr(
        "answerable.channels.email.alarms.tell.later", lambda **arguments: asked.append(arguments["person_id"])
    )
    mail_escalation(event)
    assert asked == [cast.bob.pk]
