"""What a message answers, where the messenger only names it: put above the words, to be folded there."""

from django.db.models import QuerySet

from answerable.channels.instant.models import Chat, Part
from answerable.desk.actions.search import index_conversations
from answerable.desk.models import Kind, Message

LONGEST_QUOTE = 2000


def quote(text: str) -> str:
    """Each line behind `> `, and an empty line; nothing of nothing."""
    return "".join(f"> {line}\n" for line in text[:LONGEST_QUOTE].splitlines()) + "\n" if text.strip() else ""


def quoted_from(chat: Chat, name: str) -> str:
    """The quote of what was said in the chat under this name, in its last wording."""
    part = Part.objects.filter(chat=chat, external_id=name).select_related("message").first() if name else None
    if part is not None:
        return quote(part.message.text)
    said = theirs(chat, name).filter(withdrawn_at=None).first() if name else None
    return quote(own_words(last_wording(said))) if said else ""


def unquote(chat: Chat, said: Message) -> None:
    """Take what is going to be withdrawn out of what answers it: nobody shall read it there either."""
    quotes = {quote(own_words(one)) for one in [said, *said.rewordings.all()]} - {""}
    changed = []
    for row in Message.objects.select_for_update().filter(
        kind=Kind.INBOUND, messenger_arrivals__chat=chat, folds__0__0=0
    ):
        end = row.folds[0][1]
        if row.text[:end] in quotes:
            row.text = row.text[end:]
            row.folds = [[start - end, stop - end] for start, stop in row.folds[1:]]
            changed.append(row)
    Message.objects.bulk_update(changed, ["text", "folds"])
    index_conversations({row.conversation for row in changed})


def own_words(message: Message) -> str:
    """Without what stands quoted above them."""
    return message.text[message.folds[0][1] :] if message.folds and message.folds[0][0] == 0 else message.text


def last_wording(message: Message) -> Message:
    return message.rewordings.filter(withdrawn_at=None).order_by("-id").first() or message


def theirs(chat: Chat, external_id: str) -> "QuerySet[Message]":
    """What came by the chat under this name, the oldest first."""
    named = Message.objects.filter(kind=Kind.INBOUND, external_id=external_id)
    return named.filter(messenger_arrivals__chat=chat).order_by("id")
