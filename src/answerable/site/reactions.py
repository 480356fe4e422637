"""What each app does about what happened elsewhere. All of it; there is no other place to look.

Reactions run in the worker after the event has been committed, at least once, so each must be idempotent.
"""

from collections.abc import Mapping, Sequence

from answerable.events.record import Reaction
from answerable.feedback.reactions import ask_for_a_rating
from answerable.people import invitations

REACTIONS: Mapping[str, Sequence[Reaction]] = {
    "conversation.solved": [ask_for_a_rating],
    "user.invited": [invitations.send_invitation],
}
