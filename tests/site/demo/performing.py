"""Plays the demo's scripts as people would: through the actions and the timers, one after the other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from unittest.mock import patch

from answerable.channels.email.outbox import send_due
from answerable.desk.actions.conversations import (
    assign,
    move,
    open_conversation,
    set_priority,
    set_status,
    set_tags,
    snooze,
    wake_due,
)
from answerable.desk.actions.messages import add_note, receive, reply
from answerable.desk.models import Clock, Conversation, Delivery, Escalation, Status
from answerable.desk.timers import fire_due
from answerable.feedback.actions.invitations import invite
from answerable.feedback.actions.ratings import comment, complain, rate
from answerable.feedback.models import Invitation
from answerable.feedback.reactions import ASK_AFTER
from answerable.policy.models import Version
from answerable.site.demo import steps
from answerable.site.demo.stage import COMMENTS_AFTER, COMPLAINS_AFTER, NOTICED_AFTER
from answerable.site.demo.steps import Script, Step


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock on Django's wall shows this moment."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return moment

    with patch("django.utils.timezone.datetime", Stopped):
        yield


class Performance:
    """One script after another, each to its end: they share no contact, so the order makes no difference."""

    def __init__(self, until: datetime, *, changed_at: datetime) -> None:
        self.until = until
        self.changed_at = changed_at

    def play(self, played: Sequence[Script]) -> None:
        for script in played:
            self._play(script)

    def _play(self, script: Script) -> None:
        conversation: Conversation | None = None
        for step in script.steps:
            if step.at > self.until:
                break
            self._put_in_force(1 if step.at < self.changed_at else 2)
            if conversation is None:
                with at(step.at):
                    conversation = open_conversation(
                        inbox=script.inbox, contact=script.customer.contact, subject=script.subject, by=None
                    )
            self._pass(step.at)
            with at(step.at):
                self._do(step, conversation)
            conversation.refresh_from_db()
            if conversation.status == Status.SOLVED:
                self._ask(conversation, script, step.at)
        self._pass(self.until)

    def _put_in_force(self, number: int) -> None:
        """The policy as it was then."""
        Version.objects.update(state=Version.State.RETIRED)
        Version.objects.filter(number=number).update(state=Version.State.IN_FORCE)

    def _do(self, step: Step, conversation: Conversation) -> None:
        match step:
            case steps.Receive(written=written):
                receive(
                    conversation,
                    contact=conversation.contact,
                    text=written.text,
                    html=written.html,
                    folds=written.folds,
                    external_id=step.external_id,
                    files=written.files,
                )
            case steps.Reply(by=by, written=written):
                reply(
                    conversation,
                    text=written.text,
                    by=by,
                    seen_event=None,
                    then=step.then,
                    files=written.files,
                    anyway=True,
                )
            case steps.Note(by=by, text=text):
                add_note(conversation, text=text, by=by)
            case steps.Assign(by=by, to=to):
                assign(conversation, to=to, by=by)
            case steps.Tag(by=by, tags=tags):
                set_tags(conversation, tags=tags, by=by)
            case steps.Prioritise(by=by, to=priority):
                set_priority(conversation, to=priority, by=by)
            case steps.Move(by=by, to=team):
                move(conversation, to=team, by=by)
            case steps.Turn(by=by, to=status):
                set_status(conversation, to=status, by=by)
            case steps.Snooze(by=by, until=until):
                snooze(conversation, until=until, by=by)
            case _:
                raise AssertionError(f"a step that the test does not know: {step}")

    def _ask(self, conversation: Conversation, script: Script, solved_at: datetime) -> None:
        """The invitation, and what the customer thinks, as far as nothing else of the script is in between."""
        asked_at = solved_at + ASK_AFTER
        if asked_at > self.until:
            return
        self._pass(asked_at)
        with at(asked_at):
            invitation = invite(conversation)
        if invitation is not None and script.opinion is not None:
            self._answer(invitation, script, asked_at + script.opinion.after)

    def _answer(self, invitation: Invitation, script: Script, rated_at: datetime) -> None:
        opinion = script.opinion
        assert opinion is not None
        self._pass(rated_at)
        with at(rated_at):
            rating = rate(invitation, score=opinion.score)
        if opinion.comment:
            with at(rated_at + COMMENTS_AFTER):
                comment(rating, text=opinion.comment)
        if opinion.complaint and opinion.remedy:
            with at(rated_at + COMPLAINS_AFTER):
                follow_up = complain(rating, text=opinion.complaint)
            by, written = opinion.remedy
            remedied_at = rated_at + COMPLAINS_AFTER + opinion.remedied_after
            self._pass(remedied_at)
            self._do_remedy(follow_up, steps.Reply(remedied_at, by, written, Status.SOLVED))

    def _do_remedy(self, follow_up: Conversation, step: steps.Reply) -> None:
        with at(step.at):
            self._do(step, follow_up)

    def _pass(self, until: datetime) -> None:
        """Let everything happen that falls due before then, each a moment after its instant."""
        while (moment := _next_due()) is not None and moment <= until:
            with at(moment):
                fire_due()
                wake_due()
                send_due()


def _next_due() -> datetime | None:
    instants = [
        Clock.objects.filter(state=Clock.State.RUNNING).order_by("due_at").values_list("due_at", flat=True).first(),
        Escalation.objects.filter(fired_at=None, fires_at__isnull=False)
        .order_by("fires_at")
        .values_list("fires_at", flat=True)
        .first(),
        Conversation.objects.exclude(snoozed_until=None)
        .order_by("snoozed_until")
        .values_list("snoozed_until", flat=True)
        .first(),
    ]
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).order_by("due_at").first()
    moments = [instant + NOTICED_AFTER for instant in instants if instant]
    return min([*moments, *([waiting.due_at + timedelta(seconds=2)] if waiting else [])], default=None)
