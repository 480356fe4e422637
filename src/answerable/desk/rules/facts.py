"""What is known of conversations, for conditions: a few queries, however many conversations there are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from answerable.core.calendar import is_open
from answerable.core.criteria import Fact, Instant
from answerable.customers.models import Address
from answerable.desk.criteria import TIMES, instant_of
from answerable.desk.hours import company_zone, usual_calendar
from answerable.desk.models import Conversation, Kind, Message, Priority
from answerable.desk.rules.fields import OWN
from answerable.events.models import Event

BEFORE = {
    "conversation.status_changed": "status",
    "conversation.solved": "status",
    "conversation.closed": "status",
    "conversation.reopened": "status",
    "conversation.prioritised": "priority",
    "conversation.assigned": "assignee",
    "conversation.moved": "team",
}
"""Events that say what was before, and after."""
HOUR = timedelta(hours=1)


@dataclass
class Surroundings:
    """What stands around conversations, read at once, and only what conditions ask about."""

    now: datetime
    wanted: Collection[str] = ()
    addresses: dict[int, list[str]] = field(default_factory=dict)
    organisations: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    last_texts: dict[int, str] = field(default_factory=dict)
    office_hours: str = ""
    zone: tzinfo = UTC

    @classmethod
    def of(
        cls, conversations: Iterable[Conversation], events: Iterable[Event], wanted: Collection[str], now: datetime
    ) -> "Surroundings":
        """Of these; at most five queries."""
        rows, around = list(conversations), cls(now, wanted)
        contacts = {row.contact_id for row in rows}
        if "address" in wanted:
            for contact, value in Address.objects.filter(contact__in=contacts).values_list("contact_id", "value"):
                around.addresses.setdefault(contact, []).append(value)
        if "organisation" in wanted:
            named = Conversation.objects.filter(pk__in=[row.pk for row in rows], contact__organisation__isnull=False)
            around.organisations = dict(named.values_list("contact_id", "contact__organisation__name"))
        if "text" in wanted:
            around._read_texts(rows, events)
        if not TIMES.keys().isdisjoint(wanted):
            around.zone = company_zone()
        if "office_hours" in wanted:
            calendar = usual_calendar()
            around.office_hours = "yes" if calendar is None or is_open(calendar, now) else "no"
        return around

    def _read_texts(self, rows: Collection[Conversation], events: Iterable[Event]) -> None:
        numbers = [int(event.subject.removeprefix("message-")) for event in events if _is_message(event)]
        self.texts = dict(Message.objects.filter(pk__in=numbers).values_list("pk", "text"))
        last = Message.objects.filter(conversation__in=[row.pk for row in rows], kind=Kind.INBOUND)
        latest = last.order_by("conversation_id", "-id").distinct("conversation_id")
        self.last_texts = dict(latest.values_list("conversation_id", "text"))

    def facts(self, conversation: Conversation, event: Event | None = None) -> dict[str, Fact]:
        """Of one, as it stands; after what an event says of it."""
        known: dict[str, Fact] = facts_of(conversation, self.now)
        if "address" in self.wanted:
            known["address"] = self.addresses.get(conversation.contact_id, [])
        if "organisation" in self.wanted:
            known["organisation"] = _texts(self.organisations.get(conversation.contact_id))
        if "office_hours" in self.wanted:
            known["office_hours"] = [self.office_hours]
        if "text" in self.wanted:
            known["text"] = self.text(conversation, event)
        times = {name: instant_of(conversation, column) for name, column in TIMES.items()}
        known |= {name: Instant.of(at, self.now, self.zone) for name, at in times.items()}
        return known | event_facts(event) if event is not None else known

    def text(self, conversation: Conversation, event: Event | None) -> list[str]:
        """The words of the message that an event is about; else of the customer's last."""
        if event is not None and _is_message(event):
            return _texts(self.texts.get(int(event.subject.removeprefix("message-")), ""))
        return _texts(self.last_texts.get(conversation.pk, ""))


def facts_of(conversation: Conversation, now: datetime) -> dict[str, Fact]:
    """What the row itself says."""
    known: dict[str, Fact] = {
        "status": [conversation.status],
        "priority": [conversation.priority_key],
        "team": _texts(conversation.team_id),
        "assignee": _texts(conversation.assignee_id),
        "tag": list(conversation.tags),
        "subject": _texts(conversation.subject),
        "channel": _texts(conversation.channel),
        "segment": _texts(conversation.segment),
        "region": _texts(conversation.region),
        "language": _texts(conversation.language),
        "snoozed": ["yes" if conversation.snoozed_until else "no"],
        "waiting_hours": _hours(instant_of(conversation, "unanswered_since"), now, -1),
        "due_hours": _hours(instant_of(conversation, "due_at"), now, 1),
        "reopened": conversation.reopen_count,
        "messages": conversation.message_count,
    }
    return known | {f"{OWN}{key}": _texts(value) for key, value in conversation.details.items()}


def event_facts(event: Event) -> dict[str, Fact]:
    """What an event says: who did it, what was before; what it is after, whatever has become of it since."""
    about = event.particulars
    known: dict[str, Fact] = {"author": [author(event)]}
    name = BEFORE.get(event.verb)
    if name is not None:
        known[f"{name}_before"] = _value(name, about.get("before"))
        known[name] = _value(name, about.get("to"))
    if event.verb == "conversation.tagged":
        known["tag_added"] = [str(tag) for tag in about.get("added") or ()]
    if event.verb == "conversation.rated":
        known["score"] = about.get("score")
    return known


def author(event: Event) -> str:
    """Who did it: agent, customer, rule, system."""
    if event.actor_id is not None:
        return "agent"
    if "rule" in event.particulars:
        return "rule"
    by_customer = event.verb in ("message.received", "conversation.opened", "conversation.rated")
    return "customer" if by_customer or event.verb == "conversation.complained" else "system"


def _value(name: str, value: Any) -> list[str]:
    if name == "priority" and value in Priority.values:
        return [Priority(value).name.lower()]
    return _texts(value)


def _texts(value: object) -> list[str]:
    return [] if value is None or value == "" else [str(value)]


def _hours(at: datetime | None, now: datetime, way: int) -> Decimal | None:
    return None if at is None else Decimal(str(round(way * ((at - now) / HOUR), 4)))


def _is_message(event: Event) -> bool:
    return event.subject.startswith("message-")
