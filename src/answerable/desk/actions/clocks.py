"""What a write at the desk means for the promises that run.

Called by the other actions, inside their transaction, on a conversation they have locked.

first_response   from the customer's first message to the first answer by a person
next_response    from the customer's oldest unanswered message to the next answer, after the first
resolution       from the beginning to the solution; another one begins when it is reopened
"""

from datetime import datetime

from answerable.desk.models import Conversation
from answerable.people.models import User


def customer_wrote(conversation: Conversation, *, at: datetime) -> None:
    """Begin what the policy promises from here on."""


def staff_answered(conversation: Conversation, *, at: datetime, by: User) -> None:
    """Stop the response clocks."""


def answer_taken_back(conversation: Conversation, *, answered_at: datetime) -> None:
    """Let the clocks run on that an answer stopped which never left."""


def status_changed(conversation: Conversation, *, before: str, at: datetime, by: User | None) -> None:
    """Pause, resume, stop or begin the resolution clock."""


def priority_changed(conversation: Conversation, *, by: User | None) -> None:
    """Another priority may have another standard."""


def team_changed(conversation: Conversation) -> None:
    """Running clocks count for the team that has the conversation now."""
