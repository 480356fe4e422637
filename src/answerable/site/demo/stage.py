"""Plays scripts in the order of time, with the promises' clocks running, into rows.

Two thousand conversations through the actions, a transaction a step, would take minutes; so this does in memory what
the actions of `desk` and `feedback` and the timers would have done, with the same policy and the same arithmetic.
A test plays scripts both ways and compares every column.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import singledispatchmethod
from heapq import heappop, heappush
from itertools import count

from django.utils import translation
from django.utils.translation import gettext as _

from answerable.channels.email.composing import message_id_of
from answerable.desk.actions.conversations import new_conversation
from answerable.desk.actions.messages import UNDO_SECONDS
from answerable.desk.actions.previews import preview_of_own
from answerable.desk.models import Conversation, Delivery, Kind, Message, Notice, Priority, Status
from answerable.feedback.actions.invitations import NOT_AGAIN_WITHIN, words_of
from answerable.feedback.models import Invitation, Rating
from answerable.feedback.reactions import ASK_AFTER
from answerable.people.models import User
from answerable.policy.models import Version
from answerable.site.demo import steps
from answerable.site.demo.opinions import Opinion
from answerable.site.demo.pilot import Tested
from answerable.site.demo.progress import Progress
from answerable.site.demo.promises import Promises, Thread
from answerable.site.demo.rows import Rows
from answerable.site.demo.steps import Script
from answerable.site.demo.writing import Written

SETTLED = timedelta(minutes=1)
NOTICED_AFTER = timedelta(milliseconds=200)
"""How long after its instant a worker does what is due."""
READ_AFTER = timedelta(minutes=20)
UNREAD_FOR = timedelta(days=1)
"""Notices younger than this are unread."""
SENT_AFTER = timedelta(seconds=2)
COMMENTS_AFTER = timedelta(seconds=50)
COMPLAINS_AFTER = timedelta(minutes=4)
WAKING = (Status.PENDING, Status.ON_HOLD, Status.SOLVED)


class Stage:
    """One play. What is due is kept in a heap: the scripts' steps, and what follows from them."""

    def __init__(self, versions: Sequence[tuple[datetime, Version]], tested: Tested | None = None) -> None:
        self.rows = Rows()
        self.addresses: dict[int, str] = {}  # of contacts, by their number
        self.promises = Promises(self.rows, versions, self._alarm, tested)
        self.settled_at = datetime.max.replace(tzinfo=UTC)
        self._due: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = count()
        self._asked_at: dict[int, datetime] = {}  # contacts, when they were last asked to rate

    def play(self, played: Sequence[Script], *, until: datetime, progress: Progress) -> Rows:
        """Everything up to a moment; what would happen later does not. Nobody acts in the last minute before it."""
        self.settled_at = until - SETTLED
        for script in played:
            self.addresses[script.customer.contact.pk] = script.customer.address
            self._act(script.steps[0].at, self._beginning(script))
        began_at = min((script.steps[0].at for script in played), default=until)
        while self._due and self._due[0][0] <= until:
            now, _order, happens = heappop(self._due)
            happens(now)
            progress.at("play", (now - began_at) / (until - began_at))
        for notice in self.rows.made[Notice]:
            if notice.at < until - UNREAD_FOR:
                notice.read_at = notice.at + READ_AFTER
        return self.rows

    def _at(self, at: datetime, happens: Callable[[datetime], None]) -> None:
        heappush(self._due, (at, next(self._order), happens))

    def _act(self, at: datetime, happens: Callable[[datetime], None]) -> None:
        """What somebody does: not in the last moments, so that all they wrote has left."""
        if at <= self.settled_at:
            self._at(at, happens)

    def _alarm(self, at: datetime, happens: Callable[[datetime], None]) -> None:
        """What a worker does when it is due: a moment later."""
        self._at(at + NOTICED_AFTER, happens)

    def _beginning(self, script: Script) -> Callable[[datetime], None]:
        def begin(now: datetime) -> None:
            row = new_conversation(
                inbox=script.inbox, contact=script.customer.contact, subject=script.subject, by=None, at=now
            )
            thread = self._open(row, script.opinion, now)
            self._step(thread, script, 0)

        return begin

    def _step(self, thread: Thread, script: Script, number: int) -> None:
        """Do one step and plan the next."""
        self.do(script.steps[number], thread)
        if number + 1 < len(script.steps):
            self._act(script.steps[number + 1].at, lambda now: self._step(thread, script, number + 1))

    def _open(self, row: Conversation, opinion: Opinion | None, at: datetime) -> Thread:
        self.rows.add(row)
        self._record(row, "opened", None, at, inbox=row.inbox_id, channel=row.channel, follows=row.follows_id)
        return Thread(row, opinion)

    @singledispatchmethod
    def do(self, step: steps.Step, thread: Thread) -> None:
        """What the action of this step does."""
        raise TypeError(f"Nobody knows how to play {step}.")

    @do.register
    def _receive(self, step: steps.Receive, thread: Thread) -> None:
        self._customer_writes(thread, step.written, step.external_id, step.at)

    @do.register
    def _reply(self, step: steps.Reply, thread: Thread) -> None:
        row, at = thread.row, step.at
        message = self._message(thread, Kind.OUTBOUND, step.written, at, user=step.by)
        self._send(message, at + timedelta(seconds=UNDO_SECONDS))
        row.assignee = row.assignee or step.by
        row.unanswered_since = None
        if row.first_answered_at is None:
            row.first_answered_at = at
            row.first_answer_seconds = self.promises.business_seconds(thread, at)
        self._count(row, message)
        self.promises.staff_answered(thread, at, step.by)
        thread.answered_by = step.by
        self.rows.event("message.sent", subject=message, root=row, by=step.by, at=at, automatic=False)
        self._change_status(thread, step.then, step.by, at)

    @do.register
    def _note(self, step: steps.Note, thread: Thread) -> None:
        message = self._message(thread, Kind.NOTE, Written(step.text), step.at, user=step.by)
        told = [user for user in step.mentioned if user != step.by]
        for user in told:
            particulars = {"message": message.pk}
            self.rows.add(
                Notice(user=user, conversation=thread.row, kind="mention", particulars=particulars, at=step.at)
            )
        thread.row.message_count += 1
        mentioned = [user.pk for user in told]
        self.rows.event("note.added", subject=message, root=thread.row, by=step.by, at=step.at, mentioned=mentioned)

    @do.register
    def _assign(self, step: steps.Assign, thread: Thread) -> None:
        row, before = thread.row, thread.row.assignee
        if before == step.to:
            return
        row.assignee = step.to
        if step.to != step.by:
            self.rows.add(Notice(user=step.to, conversation=row, kind="assignment", at=step.at))
        self._record(row, "assigned", step.by, step.at, before=before.pk if before else None, to=step.to.pk)

    @do.register
    def _tag(self, step: steps.Tag, thread: Thread) -> None:
        self._set_tags(thread.row, list(step.tags), step.by, step.at)

    @do.register
    def _prioritise(self, step: steps.Prioritise, thread: Thread) -> None:
        self._set_priority(thread.row, step.to, step.by, step.at)
        self.promises.priority_changed(thread)

    @do.register
    def _move(self, step: steps.Move, thread: Thread) -> None:
        row, before = thread.row, thread.row.team_id
        self._record(row, "left", step.by, step.at, to=step.to.pk)
        row.team = step.to
        if row.assignee and step.to.pk not in row.assignee.team_ids:
            row.assignee = None
        self.promises.team_changed(thread)
        self._record(row, "moved", step.by, step.at, before=before, to=step.to.pk)

    @do.register
    def _turn(self, step: steps.Turn, thread: Thread) -> None:
        self._change_status(thread, step.to, step.by, step.at)

    @do.register
    def _snooze(self, step: steps.Snooze, thread: Thread) -> None:
        row, until = thread.row, step.until
        row.snoozed_until = until
        self._record(row, "snoozed", step.by, step.at, until=until.isoformat())

        def wake(now: datetime) -> None:
            if row.snoozed_until == until:
                row.snoozed_until = None
                self._record(row, "woken", None, now)

        self._alarm(until, wake)

    def _customer_writes(self, thread: Thread, written: Written, external_id: str, at: datetime) -> None:
        row = thread.row
        message = self._message(thread, Kind.INBOUND, written, at, contact=row.contact, external_id=external_id)
        row.unanswered_since = row.unanswered_since or at
        row.asked_at, row.snoozed_until = at, None
        self._count(row, message)
        self.promises.customer_wrote(thread, at)
        if row.status in WAKING:
            self._change_status(thread, Status.OPEN, None, at)
        self.rows.event(
            "message.received", subject=message, root=row, by=None, at=at, contact=row.contact_id, automatic=False
        )

    def _change_status(self, thread: Thread, to: str, by: User | None, at: datetime) -> None:
        row, before = thread.row, thread.row.status
        if before == to:
            return
        reopened = before == Status.SOLVED
        row.status = to
        row.snoozed_until = None
        if to == Status.SOLVED:
            row.solved_at = at
            row.solution_seconds = self.promises.business_seconds(thread, at)
            row.unanswered_since = None
            self._act(at + ASK_AFTER, lambda now: self._invite(thread, now))
        elif reopened:
            row.solved_at = row.solution_seconds = None
            row.reopen_count += 1
        self.promises.status_changed(thread, before, at, by)
        verb = "solved" if to == Status.SOLVED else "reopened" if reopened else "status_changed"
        particulars = {"before": before, "to": to, "agent": row.assignee_id, "channel": row.channel}
        self._record(row, verb, by, at, **particulars)

    def _invite(self, thread: Thread, now: datetime) -> None:
        """Once a conversation, once in two weeks a person, after a person's answer."""
        row = thread.row
        asked_at = self._asked_at.get(row.contact_id)
        if row.status != Status.SOLVED or thread.answered_by is None or thread.invited:
            return
        if asked_at is not None and asked_at > now - NOT_AGAIN_WITHIN:
            return
        thread.invited = True
        self._asked_at[row.contact_id] = now
        invitation = self.rows.add(
            Invitation(
                conversation=row,
                contact=row.contact,
                agent=thread.answered_by,
                team=row.team,
                channel=row.channel,
                language=row.language,
                asked_at=now,
            )
        )
        text, html = words_of(invitation)
        invitation.message = self._message(thread, Kind.OUTBOUND, Written(text, html), now, automatic=True)
        self._send(invitation.message, now)
        self.rows.event(
            "message.sent", subject=invitation.message, root=row, by=None, at=now, automatic=True, about="invitation"
        )
        self.rows.event("rating.invited", subject=invitation, root=row, by=None, at=now)
        if (opinion := thread.opinion) is not None:
            self._act(now + opinion.after, lambda rated_at: self._rate(thread, invitation, opinion, rated_at))

    def _rate(self, thread: Thread, invitation: Invitation, opinion: Opinion, now: datetime) -> None:
        rating = self.rows.add(Rating(invitation=invitation, score=opinion.score, rated_at=now))
        self._record_rating(thread, rating, "rated", now, score=opinion.score, before=None)
        if opinion.comment:
            self._act(now + COMMENTS_AFTER, lambda at: self._comment(thread, rating, opinion.comment, at))
        if opinion.complaint:
            self._act(now + COMPLAINS_AFTER, lambda at: self._complain(thread, rating, opinion, at))

    def _comment(self, thread: Thread, rating: Rating, text: str, now: datetime) -> None:
        rating.comment = text
        self._record_rating(thread, rating, "commented", now, comment=text)

    def _complain(self, thread: Thread, rating: Rating, opinion: Opinion, now: datetime) -> None:
        """A follow-up of high priority, which a lead answers."""
        served = thread.row
        with translation.override(served.language):
            subject = _("Complaint: %(subject)s") % {"subject": served.subject}
        row = new_conversation(
            inbox=served.inbox,
            contact=served.contact,
            subject=subject,
            by=None,
            at=now,
            language=served.language,
            follows=served,
        )
        follow_up = self._open(row, None, now)
        self._set_priority(row, Priority.HIGH, None, now)
        self._set_tags(row, ["complaint"], None, now)
        self._customer_writes(follow_up, Written(opinion.complaint), "", now)
        rating.complaint = row
        self._record_rating(thread, rating, "complained", now, follow_up=row.pk)
        if opinion.remedy is not None:
            by, written = opinion.remedy
            self._act(
                now + opinion.remedied_after,
                lambda at: self.do(steps.Reply(at, by, written, Status.SOLVED), follow_up),
            )

    def _message(self, thread: Thread, kind: str, written: Written, at: datetime, **more: object) -> Message:
        message = self.rows.add(
            Message(
                conversation=thread.row,
                kind=kind,
                text=written.text,
                html=written.html,
                folds=[list(fold) for fold in written.folds],
                created_at=at,
                **more,
            )
        )
        self.rows.found_by(thread.row, written.text)
        if written.files:
            self.rows.files.append((message, written))
        return message

    def _send(self, message: Message, at: datetime) -> None:
        """It has left already: nothing of the demo is ever mailed."""
        message.external_id = message_id_of(message, message.conversation.inbox)
        self.rows.add(
            Delivery(
                message=message,
                channel=message.conversation.leaves_by,
                recipients=[self.addresses[message.conversation.contact_id]],
                state=Delivery.State.SENT,
                due_at=at,
                attempts=1,
                sent_at=at + SENT_AFTER,
                created_at=message.created_at,
            )
        )
        row = message.conversation
        self._at(
            at + SENT_AFTER,
            lambda sent_at: self.rows.event("message.handed_over", subject=message, root=row, by=None, at=sent_at),
        )

    def _count(self, row: Conversation, message: Message) -> None:
        row.last_message_at = message.created_at
        row.preview, row.preview_by_id = preview_of_own(message), message.user_id
        row.message_count += 1

    def _set_priority(self, row: Conversation, to: Priority, by: User | None, at: datetime) -> None:
        if (before := row.priority) != to:
            row.priority = to
            self._record(row, "prioritised", by, at, before=int(before), to=int(to))

    def _set_tags(self, row: Conversation, tags: list[str], by: User | None, at: datetime) -> None:
        before, row.tags = row.tags, tags
        added = [tag for tag in tags if tag not in before]
        removed = [tag for tag in before if tag not in tags]
        if before != tags:
            self._record(row, "tagged", by, at, added=added, removed=removed)

    def _record(self, row: Conversation, verb: str, by: User | None, at: datetime, **particulars: object) -> None:
        self.rows.event(f"conversation.{verb}", subject=row, root=row, by=by, at=at, **particulars)

    def _record_rating(self, thread: Thread, rating: Rating, verb: str, at: datetime, **particulars: object) -> None:
        self.rows.event(f"conversation.{verb}", subject=rating, root=thread.row, by=None, at=at, **particulars)
