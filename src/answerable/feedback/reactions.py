"""What feedback does about events elsewhere."""

from datetime import timedelta

from django.conf import settings

from answerable.desk.models import Conversation
from answerable.events.models import Event
from answerable.feedback.actions.invitations import asked_on_page
from answerable.feedback.actions.ratings import comment, rate
from answerable.feedback.jobs import invite_to_rate

# Long enough for a reply that solved it to be taken back, and for the answer to arrive before the question.
ASK_AFTER = timedelta(seconds=15)


# Where they are asked on the page itself, a mail comes only if they left without an answer.
ASK_AFTER_A_CHAT = timedelta(hours=1)


def ask_for_a_rating(event: Event) -> None:
    """A solved conversation is followed by an invitation."""
    conversation_id = int(event.root.removeprefix("conversation-"))
    after = ASK_AFTER_A_CHAT if event.particulars.get("channel") in settings.ANSWERED_AT_ONCE else ASK_AFTER
    invite_to_rate.later(after=after, once=f"invite-{conversation_id}", conversation_id=conversation_id)


def take_rating(event: Event) -> None:
    """chat.rated: what a visitor said on the page itself. Taken again, it is the same."""
    conversation = Conversation.objects.get(pk=int(event.root.removeprefix("conversation-")))
    invitation = asked_on_page(conversation, at=event.at)
    if invitation is not None:
        rating = rate(invitation, score=event.particulars["score"])
        if event.particulars["comment"]:
            comment(rating, text=event.particulars["comment"])
