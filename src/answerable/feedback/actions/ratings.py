"""Taking what the customer answers."""

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.desk.actions.conversations import open_conversation, set_priority, set_tags
from answerable.desk.actions.messages import receive
from answerable.desk.models import Conversation, Priority
from answerable.events.record import record
from answerable.feedback.models import Invitation, Rating, Score

LONGEST_COMMENT = 5000


def rate(invitation: Invitation, *, score: int) -> Rating:
    """The customer's score; given again, it replaces the one before, which the event keeps."""
    score = Score(score)
    with transaction.atomic():
        Invitation.objects.select_for_update().get(pk=invitation.pk)
        rating = Rating.objects.filter(invitation=invitation).first()
        before = rating.score if rating else None
        if rating is not None and before == score:
            return rating
        if rating is None:
            rating = Rating.objects.create(invitation=invitation, score=score)
        else:
            rating.score = score
            rating.rated_at = timezone.now()
            rating.save(update_fields=["score", "rated_at"])
        _record("conversation.rated", rating, score=int(score), before=before)
    return rating


def comment(rating: Rating, *, text: str) -> Rating:
    """What they want to say besides."""
    with transaction.atomic():
        rating = Rating.objects.select_for_update().get(pk=rating.pk)
        text = text.strip()[:LONGEST_COMMENT]
        if rating.comment == text:
            return rating
        rating.comment = text
        rating.save(update_fields=["comment"])
        _record("conversation.commented", rating, comment=text)
    return rating


def complain(rating: Rating, *, text: str) -> Conversation:
    """They want somebody to take care of it: a follow-up of high priority, for the team that served. Once."""
    with transaction.atomic():
        rating = (
            Rating.objects.select_for_update(of=("self",)).select_related("invitation__conversation").get(pk=rating.pk)
        )
        if rating.complaint is not None:
            return rating.complaint
        served = rating.invitation.conversation
        with translation.override(rating.invitation.language):
            subject = _("Complaint: %(subject)s") % {"subject": served.subject}
        follow_up = open_conversation(
            inbox=served.inbox,
            contact=rating.invitation.contact,
            subject=subject,
            by=None,
            language=rating.invitation.language or None,
            follows=served,
        )
        follow_up = set_priority(follow_up, to=Priority.HIGH, by=None)
        follow_up = set_tags(follow_up, tags=["complaint"], by=None)
        receive(follow_up, contact=rating.invitation.contact, text=text.strip()[:LONGEST_COMMENT])
        rating.complaint = follow_up
        rating.save(update_fields=["complaint"])
        _record("conversation.complained", rating, follow_up=follow_up.pk)
    return follow_up


def _record(verb: str, rating: Rating, **particulars: object) -> None:
    conversation = rating.invitation.conversation
    record(verb, subject=rating, root=conversation, by=None, team_id=conversation.team_id, **particulars)
