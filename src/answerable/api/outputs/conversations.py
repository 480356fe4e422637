"""One matter of one contact."""

from typing import Any

from django.conf import settings
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from answerable.api.outputs.references import REFERENCE, reference
from answerable.api.schema import choice, flag, instant, listed, mapped, maybe, moment, number, shape, text, whole
from answerable.desk.models import Conversation, Priority, Status
from answerable.desk.models.conversation import ConversationQuerySet
from answerable.events.models import Event

STATUSES = [status.value for status in Status]
PRIORITIES = [priority.name.lower() for priority in Priority]

CONVERSATION = shape(
    "Conversation",
    "One matter of one contact, whatever the channel.",
    id=number(),
    subject=text("What it is about.", "Where is my order?"),
    status=choice(
        "`new`, `open`: our turn. `pending`: the customer's. `on_hold`: somebody else's. `solved` may reopen; "
        "a message to a `closed` one begins a follow-up. All of a `merged` one stands in another; one `beside` "
        "another is with a third party.",
        STATUSES,
        "open",
    ),
    priority=choice("How urgent it is.", PRIORITIES, "normal"),
    channel=text("How it came.", "email"),
    inbox=REFERENCE.ref,
    team=REFERENCE.ref,
    assignee=maybe(REFERENCE.ref),
    contact=REFERENCE.ref,
    tags=listed("Words it is marked by.", text("A tag.", "delivery")),
    fields=mapped(
        "What is known besides the words: the number of a field, and the value as text.",
        text("A date as 2026-03-08, a number with a point, yes as `yes`.", "A-1042"),
        {"3": "A-1042"},
    ),
    copied=listed("Addresses that get a copy of each reply.", text("An e-mail address.", "office@customer.example")),
    language=text("The customer's, as known; empty where it is not.", "lv"),
    segment=text("Key of the customer's segment as it began.", "gold"),
    region=text("Where the customer is, as the policy names it.", "LV"),
    preview=text(
        "How the last message begins; the names of its files where it has no words.", "I ordered a book on Monday"
    ),
    message_count=whole("Messages and notes in it.", 3),
    reopen_count=whole("How often it was opened again.", 0),
    unanswered_since=maybe(moment("When the oldest message came that nobody has answered yet.")),
    due_at=maybe(moment("When the first of its running clocks falls due.")),
    snoozed_until=maybe(moment("Until when it is out of the queues.")),
    created_at=moment("When it began."),
    last_message_at=moment("When somebody wrote last."),
    first_answered_at=maybe(moment("When a person answered first.")),
    first_answer_seconds=maybe(whole("Business time until then.", 5400)),
    solved_at=maybe(moment("When it was solved, while it is.")),
    solution_seconds=maybe(whole("Business time until then.", 86400)),
    closed_at=maybe(moment("When it was closed.")),
    imported_at=maybe(moment("When it was taken over from another system, in which it began.")),
    is_spam=flag("Whether somebody said that it is spam."),
    merged_into=maybe(number("The conversation in which all of it stands.", 12)),
    beside=maybe(number("The conversation that it serves, where it is with a third party.", 12)),
    follows=maybe(number("The closed conversation that it follows up on.", 17)),
    last_event=whole("Number of the last event in it. Give it with a reply, to be told of what came in between.", 981),
    web_url=text("Its page, for people.", "https://service.example.com/conversations/42/", form="uri"),
)


def rows() -> ConversationQuerySet:
    """With all that `conversation` shows: one query."""
    root = Concat(Value("conversation-"), Cast(OuterRef("pk"), CharField()))
    last = Event.objects.filter(root=root).order_by("-id").values("pk")[:1]
    found = Conversation.objects.select_related("inbox", "team", "assignee", "contact")
    return found.annotate(last_event=Subquery(last))


def conversation(row: Conversation) -> dict[str, Any]:
    """One of `rows`."""
    return {
        "id": row.pk,
        "subject": row.subject,
        "status": row.status,
        "priority": row.priority_key,
        "channel": row.channel,
        "inbox": reference(row.inbox),
        "team": reference(row.team),
        "assignee": reference(row.assignee),
        "contact": reference(row.contact),
        "tags": row.tags,
        "fields": row.details,
        "copied": row.copied,
        "language": row.language,
        "segment": row.segment,
        "region": row.region,
        "preview": row.preview,
        "message_count": row.message_count,
        "reopen_count": row.reopen_count,
        "unanswered_since": instant(row.unanswered_since),
        "due_at": instant(row.due_at),
        "snoozed_until": instant(row.snoozed_until),
        "created_at": instant(row.created_at),
        "last_message_at": instant(row.last_message_at),
        "first_answered_at": instant(row.first_answered_at),
        "first_answer_seconds": row.first_answer_seconds,
        "solved_at": instant(row.solved_at),
        "solution_seconds": row.solution_seconds,
        "closed_at": instant(row.closed_at),
        "imported_at": instant(row.imported_at),
        "is_spam": row.spam_at is not None,
        "merged_into": row.merged_into_id,
        "beside": row.beside_id,
        "follows": row.follows_id,
        "last_event": getattr(row, "last_event", None) or 0,
        "web_url": f"{settings.SITE_URL}/conversations/{row.pk}/",
    }
