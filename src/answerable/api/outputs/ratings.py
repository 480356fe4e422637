"""What customers say of the service they got."""

from typing import Any

from answerable.api.outputs.references import REFERENCE, reference
from answerable.api.schema import instant, maybe, moment, number, shape, text, whole
from answerable.feedback.models import Rating, RatingQuerySet

RATING = shape(
    "Rating",
    "What a contact said of the service in a conversation.",
    id=number(example=6),
    conversation=number("The conversation it is about."),
    contact=REFERENCE.ref,
    agent=maybe(REFERENCE.ref),
    team=REFERENCE.ref,
    channel=text("By which channel they were served.", "email"),
    score=whole("From 1, very bad, to 5, very good; 4 and 5 are satisfied.", 5, least=1, most=5),
    comment=text("What they said besides.", "Quick and kind."),
    complaint=maybe(number("The conversation in which somebody takes care of it, where they asked for that.", 57)),
    asked_at=moment("When they were asked."),
    rated_at=moment("When they answered."),
)


def rows() -> RatingQuerySet:
    """With all that `rating` shows: one query."""
    return Rating.objects.select_related("invitation__contact", "invitation__agent", "invitation__team")


def rating(row: Rating) -> dict[str, Any]:
    """One of `rows`. Agent, team and channel are those who served then."""
    asked = row.invitation
    return {
        "id": row.pk,
        "conversation": asked.conversation_id,
        "contact": reference(asked.contact),
        "agent": reference(asked.agent),
        "team": reference(asked.team),
        "channel": asked.channel,
        "score": row.score,
        "comment": row.comment,
        "complaint": row.complaint_id,
        "asked_at": instant(asked.asked_at),
        "rated_at": instant(row.rated_at),
    }
