"""Messages decided together: what they need to know is asked once for all, and what they become is written at once.

A wave is what can be written together: a message that answers or repeats another of its wave waits for the next.
When a wave fails, its messages are written one by one, and the one that fails alone is put aside with its reason.
"""

import logging
from collections.abc import Iterable, Sequence

from django.db import InterfaceError, OperationalError, transaction

from answerable.channels.email import acknowledgement, bounces, filing
from answerable.channels.email.acknowledgement import manners_of
from answerable.channels.email.authors import House, attributed
from answerable.channels.email.case import Case, settle
from answerable.channels.email.checking import checked, trusted_by
from answerable.channels.email.colleagues import (
    belongs_to_the_customer,
    colleagues,
    look_into,
    note,
    note_who_passed_on,
)
from answerable.channels.email.known import Known, Question
from answerable.channels.email.mailboxes import spellings
from answerable.channels.email.message import ParsedMail, Unparseable
from answerable.channels.email.models import Arrival, Mailbox
from answerable.channels.email.parse import parse
from answerable.channels.email.quotes import Span, spans
from answerable.channels.email.rules import Verdict, append, judge, opening
from answerable.channels.email.subjects import is_forward
from answerable.customers.actions.senders import contacts_for
from answerable.customers.models import Contact
from answerable.desk.actions.receiving import Beginning, Incoming, receive_all
from answerable.desk.models import Inbox
from answerable.people.models import User

MOST_ATTEMPTS = 5
OUTAGE = (OperationalError, InterfaceError)
"""The database is away or busy: no message's fault."""
WITHOUT_ENVELOPE = (Arrival.Door.IMAP, Arrival.Door.COMMAND)
"""Where an empty sender is one that we were not told, and not the null path of bounces."""
Outcome = Arrival.Outcome
logger = logging.getLogger(__name__)


class Batch:
    """Arrivals that the caller has claimed, decided in the order they came, in the caller's transaction."""

    def __init__(self, arrivals: Iterable[Arrival]) -> None:
        self.cases = [Case(arrival) for arrival in arrivals]
        inboxes = list(Inbox.objects.select_related("team", "manners"))
        self.inboxes = {inbox.address: inbox for inbox in inboxes if inbox.retired_at is None}
        self.ours = {inbox.address for inbox in inboxes}
        self.house = House(self.ours)
        self.wave: list[Case] = []

    def decide(self) -> None:
        """Give each message its outcome."""
        read = [case for case in self.cases if self._is_read(case)]
        self._check_senders(read)
        self.colleagues = colleagues(case.address for case in read)
        look_into(read, self.colleagues, self.house)
        self.known = Known([(case.arrival, case.mail) for case in read])
        for case in read:
            if self._depends_on_the_wave(case):
                self._flush()
            self._judge_or_put_aside(case)
        self._flush()
        settle([case for case in self.cases if case.is_quarantined])

    def _is_read(self, case: Case) -> bool:
        """Whether it is a mail, and for an inbox of ours."""
        arrival = case.arrival
        if arrival.attempts > MOST_ATTEMPTS:
            case.quarantine(f"It was tried {MOST_ATTEMPTS} times, and each time the process ended on it.")
            return False
        try:
            told = arrival.envelope_from or arrival.door not in WITHOUT_ENVELOPE
            envelope_from = arrival.envelope_from if told else None
            case.parsed = attributed(parse(bytes(arrival.raw), arrival.received_at, envelope_from), self.house)
        except Unparseable as error:
            case.quarantine(f"It cannot be read: {error}.")
            return False
        case.inboxes = self._inboxes_of(arrival, case.mail)
        if not case.inboxes:
            case.quarantine("It is for none of the inboxes there are.")
        return bool(case.inboxes)

    def _inboxes_of(self, arrival: Arrival, mail: ParsedMail) -> list[Inbox]:
        """By the envelope; what was fetched, or has no envelope, by its own word first. The first one gets it."""
        named = [*mail.delivered_to, *(each.address for each in (*mail.to, *mail.cc))]
        fetched = arrival.door == Arrival.Door.IMAP
        places = [*named, *arrival.envelope_to] if fetched else arrival.envelope_to or named
        spelled = (each for address in places for each in spellings(address))
        return list(dict.fromkeys(self.inboxes[each] for each in spelled if each in self.inboxes))

    def _check_senders(self, cases: Sequence[Case]) -> None:
        fetched = any(case.arrival.door == Arrival.Door.IMAP for case in cases)
        boxes = {str(pk): name for pk, name in Mailbox.objects.values_list("pk", "authserv")} if fetched else {}
        trusted = [trusted_by(case.arrival, boxes) for case in cases]
        results = checked([(case.arrival, case.mail) for case in cases], trusted)
        for case, result in zip(cases, results, strict=True):
            case.authentication = result

    def _depends_on_the_wave(self, case: Case) -> bool:
        """It answers, or repeats, a message that is decided but not written yet."""
        identifiers = {each.mail.message_id for each in self.wave}
        fingerprints = {each.mail.fingerprint for each in self.wave}
        return case.mail.fingerprint in fingerprints or not identifiers.isdisjoint(case.mail.thread_ids)

    def _judge_or_put_aside(self, case: Case) -> None:
        try:
            self._judge(case)
        except OUTAGE:
            raise
        except Exception as error:  # a mistake of ours over one mail holds up none of the others
            self._put_aside(case, error)
        if not case.is_quarantined:
            self.wave.append(case)

    def _judge(self, case: Case) -> None:
        """By the chain of rules; what a colleague passes on as the customer's own, where it is that."""
        verdict = self._verdict(case)
        people = self.known.participants(verdict.conversation or 0) or ()
        if case.passed_on and belongs_to_the_customer(case, verdict, people):
            case.parsed = case.passed_on.mail
            verdict = self._verdict(case)
        case.verdict, case.outcome, case.reason = verdict, verdict.outcome, verdict.reason
        if case.mail.author:
            case.reason += f"; written by {case.address}, says the {case.mail.carried_by} that sent it"
        if others := case.inboxes[1:]:
            case.reason += f"; it was also for {', '.join(inbox.name for inbox in others)}"
        if verdict.outcome == "duplicate":
            case.original = self.known.originals[case.mail.fingerprint]

    def _verdict(self, case: Case) -> Verdict:
        """What somebody has called no spam is not asked about that again."""
        question = Question(self.known, case.arrival, case.arrival.envelope_to)
        verdict = judge(case.mail, question)
        if verdict.outcome == "spam" and case.arrival.absolved_by_id:
            return append.check(case.mail, question) or opening.check(case.mail, question) or verdict
        return verdict

    def _flush(self) -> None:
        wave, self.wave = self.wave, []
        if not wave:
            return
        try:
            with transaction.atomic():
                self._write(wave)
        except OUTAGE:
            raise
        except Exception:  # whichever mail it was: each alone now, so that one is put aside and the others written
            if len(wave) > 1:
                logger.warning("one of %s messages cannot be written; each by itself now", len(wave), exc_info=True)
            for case in wave:
                self._write_alone(case)

    def _write_alone(self, case: Case) -> None:
        try:
            with transaction.atomic():
                self._judge(case)
                self._write([] if case.is_quarantined else [case])
        except OUTAGE:
            raise
        except Exception as error:  # it is this mail: nothing of it is written but that it was put aside, and why
            self._put_aside(case, error)

    def _put_aside(self, case: Case, error: Exception) -> None:
        logger.error("message %s is quarantined", case.arrival.pk, exc_info=error)
        case.quarantine(f"{type(error).__name__}: {error}")

    def _write(self, wave: Sequence[Case]) -> None:
        """The messages, what they mean for deliveries and people, and their outcomes."""
        filed = self._incoming(wave)
        for (case, _each), message in zip(filed, receive_all([each for _case, each in filed]), strict=True):
            case.message = message
        for case in wave:
            self._finish(case)
        settle(wave)
        for case in wave:
            if case.outcome != Outcome.DUPLICATE:
                self.known.learn(case.mail, case.message, case.address)

    def _incoming(self, wave: Sequence[Case]) -> list[tuple[Case, Incoming]]:
        """What goes into conversations as the customers' words."""
        filed = [case for case in wave if self._is_filed(case) and not self._colleague(case)]
        contacts = contacts_for({case.address: _name(case) for case in filed if case.address})
        bounces.are_back(case.address for case in filed if not case.mail.author)
        found = []
        for case in filed:
            assert case.verdict
            row = self.known.conversations.get(case.verdict.conversation or 0)
            contact = contacts[case.address] if case.address else row.contact if row else None
            assert contact, "the rules put aside what has neither a sender nor a conversation"
            parts = spans(case.mail.text, forwarded=row is None and is_forward(case.mail.subject))
            to = row or self._beginning(case, parts, contact)
            at = case.arrival.received_at
            origin = self.known.origin(case.mail) if row else None
            incoming = filing.incoming(
                case.mail,
                parts,
                to,
                contact,
                at,
                case.verdict.automatic,
                origin,
                copied=self._put_on_copy(case) if row else (),
                copies_count=manners_of(case.inboxes[0]).copies_count,
            )
            found.append((case, incoming))
        return found

    def _put_on_copy(self, case: Case) -> Sequence[str]:
        """Whom a mail adds to a conversation there is: only where its sender is no invention. They have seen our mail,
        or their own server vouches for them; else a stranger in their name would have our answers sent to himself."""
        assert case.verdict
        trusted = case.is_vouched_for or (case.authentication.verdict != "fail" and case.verdict.signed)
        return filing.copied(case.mail, self.ours) if trusted and not case.verdict.automatic else ()

    def _is_filed(self, case: Case) -> bool:
        """Opened and appended ones are; an automatic answer only where it belongs to a conversation."""
        assert case.verdict
        if case.outcome == Outcome.AUTO_REPLY:
            return case.verdict.conversation is not None
        return case.outcome in (Outcome.OPENED, Outcome.APPENDED)

    def _beginning(self, case: Case, parts: Sequence[Span], contact: Contact) -> Beginning:
        assert case.verdict
        inbox = case.inboxes[0]
        named = self.known.conversations.get(case.verdict.follow_up_of or 0)
        follows = named if named and named.inbox_id == inbox.pk else None
        forged = case.mail.author is not None and case.authentication.verdict == "fail"  # in the name of a list of ours
        copied = () if forged else filing.copied(case.mail, self.ours)
        return filing.beginning(case.mail, parts, inbox, contact, copied, follows)

    def _colleague(self, case: Case) -> User | None:
        """A member of staff who writes into a customer's conversation from their own mail program."""
        assert case.verdict
        if case.outcome != Outcome.APPENDED or case.address not in self.colleagues:
            return None
        participants = self.known.participants(case.verdict.conversation or 0) or ()
        return None if case.address in participants else self.colleagues[case.address]

    def _finish(self, case: Case) -> None:
        """What an outcome means beyond the customer's words."""
        assert case.verdict
        if case.outcome == Outcome.BOUNCE:
            self._return(case)
        elif colleague := self._colleague(case):
            case.message = note(self.known.conversations[case.verdict.conversation or 0], case, colleague)
        elif case.message and case.passed_on and case.is_the_customers:
            note_who_passed_on(case.message.conversation, case.passed_on)
        elif case.message and case.outcome == Outcome.OPENED and not case.verdict.automatic:
            acknowledgement.acknowledge(case.message.conversation, case.mail, case.inboxes[0], case.arrival.received_at)

    def _return(self, case: Case) -> None:
        assert case.verdict
        if case.verdict.bounce is None:
            return
        tags = (self.known.signer.read_address(address) for address in case.arrival.envelope_to)
        conversation = case.verdict.conversation or next((each for each in tags if each is not None), None)
        case.bounced = bounces.failed_delivery(conversation, case.verdict.message, case.verdict.bounce)
        if case.bounced:
            bounces.tie(case.bounced, case.verdict.bounce)
        else:
            case.reason += "; it names no message of ours"


def _name(case: Case) -> str:
    return case.mail.writer.name if case.mail.writer else ""
