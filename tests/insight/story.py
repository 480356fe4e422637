"""A small desk whose figures can be worked out by hand.

Support's seven customers are those of docs/measures/first-response.md.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.test import Client
from django.utils import timezone

from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.messages import receive
from answerable.desk.models import Conversation, Inbox, Status
from answerable.feedback.models import Invitation, Rating
from answerable.people.models import User
from answerable.policy.actions import load_version
from tests.cast import Cast, play
from tests.desk.test_clocks import POLICY

MINUTES = (10, 20, 30, 40)
"""The first answers of docs/measures/first-response.md; three more customers still wait."""


def stage() -> Cast:
    """The cast under a policy."""
    cast = play()
    load_version(POLICY, by=cast.ada)
    return cast


def sign_in(user: User) -> Client:
    """A browser where somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


def question(cast: Cast, at: datetime, *, inbox: Inbox | None = None, subject: str = "Hello") -> Conversation:
    """A customer wrote, then."""
    inbox = inbox or cast.support_inbox
    conversation = open_conversation(inbox=inbox, contact=cast.dace, subject=subject, by=None, at=at)
    receive(conversation, contact=cast.dace, text="Where is it?", at=at)
    return Conversation.objects.get(pk=conversation.pk)


def answered(conversation: Conversation, minutes: float) -> Conversation:
    """As if a person had answered then: what actions freeze, and the clock they stop."""
    at = conversation.created_at + timedelta(minutes=minutes)
    conversation.first_answered_at, conversation.first_answer_seconds = at, int(minutes * 60)
    conversation.save()
    clock = conversation.clocks.get(kind="first_response")
    late = clock.target_seconds < minutes * 60
    clock.state, clock.stopped_at, clock.elapsed_seconds = ("breached" if late else "met"), at, int(minutes * 60)
    clock.save()
    return conversation


def solved(conversation: Conversation, hours: float) -> Conversation:
    """As if it had been solved then."""
    at = conversation.created_at + timedelta(hours=hours)
    conversation.solved_at, conversation.solution_seconds = at, int(hours * 3600)
    conversation.status = Status.SOLVED
    conversation.save()
    clock = conversation.clocks.get(kind="resolution")
    late = clock.target_seconds < hours * 3600
    clock.state, clock.stopped_at, clock.elapsed_seconds = ("breached" if late else "met"), at, int(hours * 3600)
    clock.save()
    return conversation


def rated(conversation: Conversation, score: int | None, agent: User) -> None:
    """The customer was asked when it was solved, and answered an hour later."""
    assert conversation.solved_at is not None
    invitation = Invitation.objects.create(
        conversation=conversation,
        contact=conversation.contact,
        agent=agent,
        team=conversation.team,
        channel=conversation.channel,
        language="lv",
        asked_at=conversation.solved_at,
    )
    if score is not None:
        Rating.objects.create(
            invitation=invitation, score=score, rated_at=conversation.solved_at + timedelta(minutes=30)
        )


def perform(staged: Cast) -> Cast:
    """Five days ago seven customers wrote to Support and one to Sales; four of Support's have an answer."""
    began = (timezone.now() - timedelta(days=5)).astimezone(UTC).replace(microsecond=0)
    for number, minutes in enumerate(MINUTES):
        conversation = answered(question(staged, began + timedelta(minutes=number)), minutes)
        solved(conversation, (1, 2, 3, 80)[number])
        rated(Conversation.objects.get(pk=conversation.pk), (5, 4, 2, None)[number], staged.bob)
    for number in range(3):
        question(staged, began + timedelta(minutes=10 + number))
    answered(question(staged, began, inbox=staged.sales_inbox), 300)
    return staged
