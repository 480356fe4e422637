"""What is written into a conversation that is held, besides an answer by a person: notes, and what the system sends."""

from collections.abc import Iterable, Sequence

from answerable.desk.actions.deliveries import addresses_of
from answerable.desk.actions.files import NewFile, attach
from answerable.desk.actions.following import add_followers, tell_followers
from answerable.desk.actions.held import Held
from answerable.desk.actions.search import add_words
from answerable.desk.mentions import mentioned
from answerable.desk.models import Delivery, Kind, Message, Notice
from answerable.events.inserting import insert
from answerable.people.models import User


def write_note(held: Held, *, text: str, by: User | None, files: Iterable[NewFile] = ()) -> Message:
    """A word among colleagues. `@name@example.com` tells that colleague, if they see the conversation."""
    conversation = held.conversation
    message = insert(
        Message(conversation=conversation, kind=Kind.NOTE, user=by, text=text, automatic=by is None),
    )
    attach(message, files)
    add_words(conversation, text)
    told = [user for user in mentioned(text) if conversation.team_id in user.team_ids and user != by]
    if told:  # who is asked to look hears how it goes on
        add_followers(conversation, told)
    for user in told:
        about = {"message": message.pk}
        held.notices.append(Notice(user=user, conversation=conversation, kind="mention", particulars=about))
    tell_followers([(held, message)])
    conversation.message_count += 1
    held.record("note.added", subject=message, by=by, mentioned=[user.pk for user in told])
    return message


def write_automatically(
    held: Held, *, text: str, html: str = "", recipients: Sequence[str] | None = None, about: object = None
) -> Message | None:
    """A message by the system itself, to the contact's address unless others are given: it stops no clock and changes
    no status. None where there is no address."""
    conversation = held.conversation
    to = list(recipients) if recipients is not None else addresses_of(conversation)[:1]
    if not to and not conversation.is_at_once:
        return None
    message = insert(
        Message(conversation=conversation, kind=Kind.OUTBOUND, automatic=True, text=text, html=html),
    )
    channel = conversation.letters_leave_by if to else conversation.leaves_by
    insert(Delivery(message=message, channel=channel, recipients=to))
    add_words(conversation, text)
    held.record("message.sent", subject=message, by=None, automatic=True, about=about)
    return message
