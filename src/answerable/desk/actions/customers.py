"""Reactions to what happens to contacts: their conversations and messages follow."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from answerable.customers.models import Merge
from answerable.desk.actions.search import index_conversations
from answerable.desk.models import Conversation, Message
from answerable.events.models import Event
from answerable.events.record import event_of, record_all

FOLLOWED = "conversation.contact_changed"


def follow_merge(event: Event) -> None:
    """contact.merged: what was the absorbed contact's is the kept one's. Each conversation notes what moved in it.

    Again, nothing is left to move; after the merge was undone, nothing may.
    """
    with transaction.atomic():
        row = Merge.objects.select_for_update().get(pk=event.particulars["merge"])
        if row.undone_at is not None:
            return
        conversations = {one.pk: one for one in Conversation.objects.filter(contact=row.absorbed_id)}
        messages: dict[int, list[int]] = {}
        for pk, conversation in Message.objects.filter(contact=row.absorbed_id).values_list("pk", "conversation_id"):
            messages.setdefault(conversation, []).append(pk)
        touched = _held({*conversations, *messages})
        Conversation.objects.filter(contact=row.absorbed_id).update(contact=row.kept_id)
        Message.objects.filter(contact=row.absorbed_id).update(contact=row.kept_id)
        record_all(
            _followed(
                event,
                conversation,
                row.absorbed_id,
                row.kept_id,
                is_whole=conversation.pk in conversations,
                messages=messages.get(conversation.pk, []),
            )
            for conversation in touched.values()
        )
        index_conversations(Conversation.objects.filter(pk__in=touched).select_related("contact"))


def unfollow_merge(event: Event) -> None:
    """contact.unmerged: what the merge moved, and nobody has moved on since, goes back."""
    with transaction.atomic():
        row = Merge.objects.select_for_update().get(pk=event.particulars["merge"])
        moved = list(
            Event.objects.filter(
                verb=FOLLOWED, at__gte=row.at, particulars__merge=row.pk, particulars__after=row.kept_id
            )
        )
        conversations = [_number(one) for one in moved if one.particulars["conversation"]]
        messages = [pk for one in moved for pk in one.particulars["messages"]]
        returning = Conversation.objects.filter(pk__in=conversations, contact=row.kept_id)
        returned = set(returning.values_list("pk", flat=True))
        touched = _held(_number(one) for one in moved)
        back = Message.objects.filter(pk__in=messages, contact=row.kept_id)
        turned = set(back.values_list("conversation_id", flat=True))
        returning.update(contact=row.absorbed_id)
        back.update(contact=row.absorbed_id)
        record_all(
            _followed(
                event, conversation, row.kept_id, row.absorbed_id, is_whole=conversation.pk in returned, messages=[]
            )
            for conversation in touched.values()
            if conversation.pk in returned | turned
        )
        index_conversations(Conversation.objects.filter(pk__in=returned).select_related("contact"))


def follow_contact(event: Event) -> None:
    """contact.changed, address.added, address.removed: their conversations are found by what they are now."""
    if event.verb != "contact.changed" or "name" in event.particulars["fields"]:
        contact = int(event.root.removeprefix("contact-"))
        index_conversations(Conversation.objects.filter(contact=contact).select_related("contact"))


def _followed(
    event: Event, conversation: Conversation, before: int, after: int, *, is_whole: bool, messages: Sequence[int]
) -> Event:
    """That a conversation, or only these messages of it, went from one contact to the other by the merge of `event`."""
    return event_of(
        FOLLOWED,
        subject=conversation,
        by=event.actor,
        team_id=conversation.team_id,
        merge=event.particulars["merge"],
        before=before,
        after=after,
        conversation=is_whole,
        messages=messages,
    )


def _held(numbers: Iterable[int]) -> dict[int, Conversation]:
    """Locked in the order of their numbers, as all do who hold many, so that nobody waits for each other."""
    rows = Conversation.objects.select_for_update().filter(pk__in=set(numbers)).order_by("pk")
    return {row.pk: row for row in rows}


def _number(event: Event) -> int:
    return int(event.subject.removeprefix("conversation-"))
