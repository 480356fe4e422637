"""What the ledger and the desk know about a batch of mails, asked in a few queries for all of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from answerable.channels.email.addressing import Signer
from answerable.channels.email.identity import instance, signer
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.models import Arrival
from answerable.customers.models import Address
from answerable.desk.models import Conversation, Message

NOT_TAKEN_IN = ("", Arrival.Outcome.DUPLICATE, Arrival.Outcome.QUARANTINED)
SPAM_THRESHOLD = 10.0
"""X-Spam-Score of a filter that did not set its flag (rspamd rejects at 15, SpamAssassin flags at 5)."""


class Known:
    """Conversations, messages and earlier arrivals that a batch may have to do with."""

    def __init__(self, read: Iterable[tuple[Arrival, ParsedMail]]) -> None:
        self.signer = signer()
        self.instance = instance()
        self.originals: dict[str, int | None] = {}
        """Fingerprint of each message taken in -> our message."""
        self.by_identifier: dict[str, int] = {}
        self.origins: dict[str, int] = {}
        """Identifier of a message that was brought elsewhere -> the conversation where it had come to."""
        self.conversations: dict[int, Conversation] = {}
        self.addresses: dict[int, set[str]] = {}
        pairs = list(read)
        earlier = _earlier([mail.fingerprint for _arrival, mail in pairs])
        self.originals.update(earlier.values_list("fingerprint", "message_id"))
        identifiers = {each for _arrival, mail in pairs for each in mail.thread_ids}
        if identifiers:
            answered = _answered(list(identifiers)).order_by("-id")
            for identifier, conversation, origin in answered.values_list("external_id", "conversation_id", "origin_id"):
                self.by_identifier[identifier] = conversation
                if origin is not None:
                    self.origins[identifier] = origin
        named = {number for arrival, mail in pairs for number in self._signed(arrival, mail)}
        self._load(named | set(self.by_identifier.values()))

    def _signed(self, arrival: Arrival, mail: ParsedMail) -> set[int]:
        """Conversations that marks of ours in the mail name."""
        ours = (self.signer.read_message_id(each) for each in mail.thread_ids)
        recipients = (*arrival.envelope_to, *mail.delivered_to, *(each.address for each in (*mail.to, *mail.cc)))
        tagged = (self.signer.read_address(address) for address in recipients if "+" in address)
        found = {each[0] for each in ours if each} | {each for each in tagged if each is not None}
        if (number := self.signer.read_thread_index(mail.header("thread-index") or "")) is not None:
            found.add(number)
        return found

    def _load(self, numbers: Collection[int]) -> None:
        if not numbers:
            return
        whole = Conversation.objects.select_related("contact", "inbox")
        rows = whole.in_bulk(list(numbers))
        about = {row.beside_id for row in rows.values() if row.beside_id} - rows.keys()
        rows |= whole.in_bulk(list(about)) if about else {}
        rows |= {row.pk: row for row in whole.filter(beside__in=rows)}
        self.conversations.update(rows)
        for row in rows.values():
            self.addresses.setdefault(row.contact_id, set())
        people = Address.objects.filter(contact__in={row.contact_id for row in rows.values()})
        for contact, value in people.values_list("contact_id", "value"):
            self.addresses[contact].add(value)

    def participants(self, conversation: int) -> set[str] | None:
        """Addresses of its contact and of those on copy; None when there is no such conversation."""
        row = self.conversations.get(conversation)
        return None if row is None else {*self.addresses[row.contact_id], *(each.lower() for each in row.copied)}

    def asides(self, conversation: int) -> list[int]:
        """With third parties beside it, the newest first."""
        return sorted((pk for pk, row in self.conversations.items() if row.beside_id == conversation), reverse=True)

    def stands_beside(self, conversation: int) -> int | None:
        """What one with a third party is about."""
        row = self.conversations.get(conversation)
        return row.beside_id if row else None

    def origin(self, mail: ParsedMail) -> int | None:
        """Where the message that it answers had come to, if that was brought elsewhere since."""
        answered = next((each for each in mail.thread_ids if each in self.by_identifier), "")
        return self.origins.get(answered)

    def learn(self, mail: ParsedMail, message: Message | None, address: str = "") -> None:
        """The mail has been taken in, as this message if it became one."""
        self.originals[mail.fingerprint] = message.pk if message else None
        if message is None:
            return
        conversation = message.conversation
        self.conversations[conversation.pk] = conversation
        if message.contact_id == conversation.contact_id:  # else a stranger with a mark, who is not the customer by it
            self.addresses.setdefault(conversation.contact_id, set()).update({address} - {""})
        if message.external_id:
            self.by_identifier.setdefault(message.external_id, conversation.pk)


def _earlier(fingerprints: Sequence[str]) -> QuerySet[Arrival]:
    """Those taken in. That none is empty is said as the index says it: PostgreSQL itself looks through a list of values
    for that only up to a hundred, and reads the whole table for a longer one."""
    rows = Arrival.objects.filter(fingerprint__in=fingerprints)
    return rows.exclude(fingerprint="").exclude(outcome__in=NOT_TAKEN_IN)


def _answered(identifiers: Sequence[str]) -> QuerySet[Message]:
    """The same of messages by their identifiers."""
    return Message.objects.filter(external_id__in=identifiers).exclude(external_id="")


@dataclass(frozen=True)
class Question:
    """One mail's side of it: what `rules` ask (their Context)."""

    known: Known
    arrival: Arrival
    recipients: Sequence[str]
    spam_threshold: float | None = SPAM_THRESHOLD

    @property
    def raw(self) -> bytes:
        return bytes(self.arrival.raw)

    @property
    def signer(self) -> Signer:
        return self.known.signer

    @property
    def instance(self) -> str:
        return self.known.instance

    def is_duplicate(self, mail: ParsedMail) -> bool:
        return mail.fingerprint in self.known.originals

    def find_conversation(self, message_ids: Sequence[str]) -> int | None:
        return next((found for each in message_ids if (found := self.known.by_identifier.get(each)) is not None), None)

    def stands_beside(self, conversation: int) -> int | None:
        return self.known.stands_beside(conversation)

    def asides(self, conversation: int) -> Sequence[int]:
        return self.known.asides(conversation)

    def participants(self, conversation: int) -> Collection[str] | None:
        return self.known.participants(conversation)
