"""Keep what conversations are found by. Called where messages are written, in the same transaction."""

from collections.abc import Iterable

from django.db import connection, transaction

from answerable.core.words import lexemes
from answerable.customers.models import Address
from answerable.desk.models import Conversation, Delivery, Message, Search
from answerable.events.prepared import tell

MOST_LEXEMES = 60_000
"""Of one conversation (PostgreSQL's tsvector holds one megabyte); what comes after is not searched."""

ADD = """
INSERT INTO desk_search AS kept (conversation_id, vector) VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))
ON CONFLICT (conversation_id) DO UPDATE SET vector = kept.vector || excluded.vector
WHERE length(kept.vector) + length(excluded.vector) <= %s
"""

JOIN = """
INSERT INTO desk_search AS kept (conversation_id, vector)
SELECT %s, vector FROM desk_search WHERE conversation_id = %s
ON CONFLICT (conversation_id) DO UPDATE SET vector = kept.vector || excluded.vector
WHERE length(kept.vector) + length(excluded.vector) <= %s
"""

EMPTY_THE_LIST = """
SELECT gin_clean_pending_list(oid) FROM pg_class
WHERE oid = 'search_vector'::regclass AND pg_has_role(relowner, 'USAGE')
"""


def file_words() -> None:
    """Put new words where the index has them. Whoever writes leaves them in a list at its door, which every search
    reads through. A list that has grown long is emptied by whoever writes next, or somewhen by PostgreSQL, as it is
    where the index belongs to somebody else.
    """
    with connection.cursor() as cursor:
        cursor.execute(EMPTY_THE_LIST)


def add_words(conversation: Conversation, *texts: str) -> None:
    """The conversation is found by the words of these texts, too: what a new message costs."""
    add_words_to_all([(conversation, texts)])


def add_words_to_all(found_by: Iterable[tuple[Conversation, Iterable[str]]]) -> None:
    """The same for many conversations, in one pipelined statement."""
    words = [(conversation.pk, lexemes("\n".join(texts))) for conversation, texts in found_by]
    tell(ADD, [(pk, " ".join(found), MOST_LEXEMES) for pk, found in words if found])


def join_words(gone: Conversation, kept: Conversation) -> None:
    """What one was found by, the other is found by instead."""
    tell(JOIN, [(kept.pk, gone.pk, MOST_LEXEMES)])
    Search.objects.filter(conversation=gone).delete()


def index_conversation(conversation: Conversation) -> None:
    """Anew, from subject, contact and messages: after something was taken back, or a contact changed."""
    index_conversations([conversation])


def index_conversations(conversations: Iterable[Conversation]) -> None:
    """Many anew, in one transaction. Messages taken back before they left are not found."""
    with transaction.atomic():
        for conversation in conversations:
            texts = (
                Message.objects.filter(conversation=conversation)
                .exclude(delivery__state=Delivery.State.UNDONE)
                .order_by("id")
                .values_list("text", flat=True)
            )
            Search.objects.filter(conversation=conversation).delete()
            add_words(conversation, *introduction(conversation))
            for absorbed in conversation.absorbed.select_related("contact"):
                add_words(conversation, *introduction(absorbed))
            for text in texts.iterator():
                add_words(conversation, text)


def introduction(conversation: Conversation, addresses: Iterable[Address] | None = None) -> list[str]:
    """What a conversation is found by before anything is written in it: the contact's addresses included."""
    if addresses is None:
        return introductions([conversation])[conversation.pk]
    return [conversation.subject, conversation.contact.name, *(address.value for address in addresses)]


def introductions(conversations: Iterable[Conversation]) -> dict[int, list[str]]:
    """The same for many, by number."""
    rows = list(conversations)
    addresses: dict[int, list[Address]] = {row.contact_id: [] for row in rows}
    for address in Address.objects.filter(contact__in=addresses):
        addresses[address.contact_id].append(address)
    return {row.pk: introduction(row, addresses[row.contact_id]) for row in rows}
