"""Tickets that are here already, in a newer export: what was written since comes, and how they stand there now.

Only where nobody has touched the conversation here. From the first thing that happens to it at our desk it is ours, and
what the other system still says of it is told and left there.
"""

from collections.abc import Mapping, Sequence

from answerable.desk.models import Conversation, Message
from answerable.events.models import Event
from answerable.imports.conversations import Made, Read, Taking, about
from answerable.imports.freezing import Written, freeze, instant
from answerable.imports.messages import Authors, Writing
from answerable.imports.models import Origin
from answerable.imports.records import Entry, Ticket

BY_US = ("conversation.imported", "conversation.reimported")
"""Events that an import leaves itself."""
RENEWED = (
    "assignee", "subject", "status", "priority", "tags", "copied", "reopen_count", "opened_by", "last_message_at",
    "preview", "preview_by", "message_count", "first_answered_at", "asked_at", "unanswered_since", "solved_at",
    "closed_at", "spam_at",
)  # fmt: skip


def renew(taking: Taking, rows: Sequence[Read], known: Mapping[str, Origin]) -> tuple[int, int]:
    """In the caller's transaction. How many conversations have changed, and how many messages are new."""
    wanted = [(ticket, entries) for ticket, entries in rows if _has_news(ticket, entries, known[ticket.key])]
    if not wanted:
        return 0, 0
    numbers = [known[ticket.key].target for ticket, _entries in wanted]
    held = Conversation.objects.select_for_update(of=("self",)).select_related("contact", "team").in_bulk(numbers)
    touched = Event.objects.filter(root__in=[f"conversation-{number}" for number in numbers]).exclude(verb__in=BY_US)
    ours = set(touched.values_list("root", flat=True).distinct())
    before: dict[int, list[Message]] = {number: [] for number in numbers}
    for message in Message.objects.filter(conversation__in=numbers).defer("html").order_by("created_at", "id"):
        before[message.conversation_id].append(message)
    authors = taking.authors(wanted)
    made = []
    for ticket, entries in wanted:
        origin = known[ticket.key]
        if f"conversation-{origin.target}" in ours:
            taking.remarks.add(about(ticket), "continued_here")
        elif taking.is_left_out(ticket):
            taking.remarks.add(about(ticket), "deleted_since")
        else:
            row = held[origin.target]
            here = origin.parts or []
            new = [entry for entry in entries if entry.key not in here]
            made.append(_renewed(taking, row, ticket, new, before[row.pk], authors))
            origin.parts = [*here, *(entry.key for entry in new)]
            origin.changed_at = instant(ticket.updated_at) or origin.changed_at
    Conversation.objects.bulk_update((one.conversation for one in made), RENEWED, batch_size=100)
    taking.write(made)
    Origin.objects.bulk_update((known[one.ticket.key] for one in made), ["parts", "changed_at"], batch_size=100)
    taking.record("conversation.reimported", made)
    return len(made), sum(len(one.messages) for one in made)


def _has_news(ticket: Ticket, entries: Sequence[Entry], origin: Origin) -> bool:
    changed_at = instant(ticket.updated_at)
    if origin.parts is None:  # it came before newer exports were read: how far it came is not known
        return False
    is_newer = changed_at is not None and origin.changed_at is not None and changed_at > origin.changed_at
    return is_newer or not {entry.key for entry in entries} <= set(origin.parts)


def _renewed(
    taking: Taking, row: Conversation, ticket: Ticket, entries: Sequence[Entry], before: list[Message], authors: Authors
) -> Made:
    taking.describe(row, ticket, authors)
    messages = Writing(taking.stage, taking.remarks).messages(row, entries, authors, about(ticket))
    here: list[Written] = [(message, []) for message in before]
    every = sorted([*here, *messages], key=lambda one: one[0].created_at)
    freeze(row, ticket, every, taking.remarks, about(ticket))
    return Made(ticket, row, messages)
