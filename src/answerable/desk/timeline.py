"""What happened in a conversation, in order: what was written, and between it what was done, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import BooleanField
from django.db.models.functions import Coalesce
from django.utils import timezone

from answerable.customers.called import FIRST_ADDRESS
from answerable.desk.actions.changes import HANDLERS
from answerable.desk.actions.deliveries import LOST, addresses_of
from answerable.desk.entries import Entry, Happening, parts
from answerable.desk.happenings import HAPPENINGS, Names
from answerable.desk.mentions import by_name, names_in
from answerable.desk.models import Attachment, Conversation, Delivery, Kind, Message, Rearrangement
from answerable.desk.sealed import sealed
from answerable.events.models import Event, noun
from answerable.people.models import User
from answerable.web.standing import Given, Standing

AT_ONCE = 40
"""Messages on a page; the earlier ones come when asked for."""
MOST_HAPPENINGS = 300
FILE_SHOWN = ("message_id", "name", "content_type", "size", "content_id")


@dataclass(frozen=True)
class Timeline:
    """Entries in order, the last event among them, and where the earlier ones begin (None: all are here)."""

    entries: Sequence[Entry | Happening]
    last_event: int
    earlier: int | None


def timeline(conversation: Conversation, user: User, *, before: int | None = None) -> Timeline:
    """The last AT_ONCE messages, or those before message `before`, with what happened around them."""
    if before is None:
        found = LAST_MESSAGES.rows(conversation=conversation.pk)
    else:
        found = list(_messages(conversation.pk).filter(id__lt=before)[: AT_ONCE + 1])
    has_earlier, found = len(found) > AT_ONCE, found[:AT_ONCE]
    found.reverse()
    for message in found:
        if message.contact:
            message.contact.first_address = vars(message)["contact_address"]
    happened = _happened(conversation, found, before, has_earlier=has_earlier)
    files = _files(found)
    names = names_in(message.text for message in found if message.kind == Kind.NOTE)
    reworded = {message.rewords_id for message in found}
    entries: list[Entry | Happening] = [
        replace(
            entry(message, user, files.get(message.pk, []), names),
            is_reworded=message.pk in reworded,
            is_by_copy=message.contact_id not in (None, conversation.contact_id),
        )
        for message in found
    ]
    entries += in_words(reversed(happened), user)
    entries.sort(key=lambda one: (one.at, not one.is_message, one.event.pk if isinstance(one, Happening) else 0))
    return Timeline(
        entries,
        last_event=happened[0].pk if happened else 0,
        earlier=found[0].pk if has_earlier else None,
    )


def entry(
    message: Message,
    user: User,
    files: Sequence[Attachment] | None = None,
    names: Mapping[str, str] | None = None,
) -> Entry:
    """`files`: the message's, and `names`: of whom it mentions by their addresses, where they are known already."""
    delivery = getattr(message, "delivery", None) if message.kind == Kind.OUTBOUND else None
    may_undo = (
        delivery is not None
        and message.user_id == user.pk
        and delivery.state == Delivery.State.WAITING
        and not delivery.attempts
        and delivery.due_at > timezone.now()
    )
    files = list(message.attachments.all()) if files is None else files
    text = sealed(message.text)
    if message.kind == Kind.NOTE:
        text = by_name(text, names_in([text]) if names is None else names)
    return Entry(message, files, parts(text, message.folds), may_undo, _ways(message, delivery, user))


def _ways(message: Message, delivery: Delivery | None, user: User) -> list[str]:
    if delivery is None or delivery.state not in LOST:
        return []
    conversation = message.conversation
    if conversation.is_shut or not user.holds(*HANDLERS, team_id=conversation.team_id):
        return []
    return list(dict.fromkeys([*delivery.recipients, *addresses_of(conversation)]))


def in_words(events: Iterable[Event], user: User | None = None) -> list[Happening]:
    """The events that have words; names are fetched at once, and only where one is needed. What the user can undo of
    it bears its number."""
    told = [event for event in events if event.verb in HAPPENINGS]
    names, found = Names(told), []
    undoable = _undoable(told, user) if user is not None else frozenset()
    for event in told:
        icon, say = HAPPENINGS[event.verb]
        words = say(event, names)
        if words:
            number = event.particulars.get("rearrangement")
            found.append(Happening(event, icon, words, number if number in undoable else 0))
    return found


def _undoable(events: Iterable[Event], user: User) -> frozenset[int]:
    """The rearrangements among them that still stand, of teams whose conversations the user handles. No query where
    there are none."""
    numbers = {event.particulars["rearrangement"] for event in events if "rearrangement" in event.particulars}
    if not numbers:
        return frozenset()
    rows = Rearrangement.objects.visible_to(user).live().filter(pk__in=numbers)
    ends = rows.values_list("pk", "source__team_id", "target__team_id")
    return frozenset(pk for pk, *teams in ends if all(user.holds(*HANDLERS, team_id=team) for team in teams))


def _messages(conversation: int | Given) -> "QuerySet[Message]":
    return (
        Message.objects.filter(conversation=conversation)
        .select_related("user", "contact", "delivery")
        .defer("html")
        .annotate(
            has_html=ExpressionWrapper(~Q(html=""), output_field=BooleanField()),
            has_files=Exists(Attachment.objects.filter(message=OuterRef("pk"))),
            contact_address=Case(When(contact__name="", then=Coalesce(FIRST_ADDRESS, Value(""))), default=Value("")),
        )
        .order_by("-id")
    )


def _files(messages: Iterable[Message]) -> dict[int, list[Attachment]]:
    """By message; nothing is asked where there are none."""
    keys = [message.pk for message in messages if getattr(message, "has_files", False)]
    found: dict[int, list[Attachment]] = {key: [] for key in keys}
    for file in Attachment.objects.filter(message__in=keys).only(*FILE_SHOWN) if keys else ():
        found[file.message_id or 0].append(file)
    return found


def _events(root: str | Given) -> "QuerySet[Event]":
    return Event.objects.filter(root=root).select_related("actor").order_by("-id")


def _happened(
    conversation: Conversation, messages: Sequence[Message], before: int | None, *, has_earlier: bool
) -> list[Event]:
    """The events around these messages, the last first."""
    if before is None and not has_earlier:
        return LAST_EVENTS.rows(root=noun(conversation))
    if not messages:
        return []
    events = _events(noun(conversation))
    if has_earlier:
        events = events.filter(at__gte=messages[0].created_at)
    if before is not None:
        events = events.filter(at__lt=Message.objects.values_list("created_at").get(pk=before)[0])
    return list(events[:MOST_HAPPENINGS])


LAST_MESSAGES = Standing(lambda: _messages(Given("conversation"))[: AT_ONCE + 1])
LAST_EVENTS = Standing(lambda: _events(Given("root"))[:MOST_HAPPENINGS])
