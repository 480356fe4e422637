"""What colleagues and customers say: praise, compliments that may be pinned, and what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from answerable.events.models import Event
from answerable.feedback.models import Rating, Score
from answerable.people.forms.board import vouched
from answerable.people.models import LONGEST_WORDS, Lesson, Praise
from answerable.people.views.board.words import Shown, shown

if TYPE_CHECKING:
    from answerable.insight.today.board import Board

PRAISE_FOR = timedelta(days=14)
LESSONS_FOR = timedelta(days=28)
MOST_PRAISE, MOST_LESSONS, MOST_COMPLIMENTS = 4, 5, 3
MOST_COMMENTS = 500
"""So many of the newest comments are looked through."""


@dataclass(frozen=True)
class Compliment:
    """A customer's words with the best rating. `seal` pins it; empty where it praises the reader themselves."""

    rating: Rating
    seal: str


@dataclass(frozen=True)
class Said:
    praise: Sequence[Shown]
    compliments: Sequence[Compliment]
    lessons: Sequence[Shown]


def said(board: Board) -> Said:
    """The newest on the board's teams. Seven queries at most."""
    reader = board.reader
    of_members = Q(team__in=board.team_ids) | Q(praised__memberships__team__in=board.team_ids)
    praise = Praise.objects.standing().visible_to(reader).filter(of_members, at__gte=board.now - PRAISE_FOR)
    newest = praise.select_related("by", "praised").distinct().order_by("-at", "-id")[:MOST_PRAISE]
    lessons = Lesson.objects.standing().filter(team__in=board.team_ids, at__gte=board.now - LESSONS_FOR)
    learned = lessons.select_related("by").defer("words").order_by("-at", "-id")[:MOST_LESSONS]
    every = shown([*newest, *learned], reader)
    return Said(
        [each for each in every if isinstance(each.row, Praise)],
        compliments(board),
        [each for each in every if isinstance(each.row, Lesson)],
    )


def compliments(board: Board) -> list[Compliment]:
    """The best ratings with a comment since the last working day began, of conversations that the reader may see and
    that somebody answered; those pinned already left out. Two queries."""
    commented = Event.objects.filter(verb="conversation.commented", at__gte=board.yesterday.span.start)
    subjects = commented.order_by("-at").values_list("subject", flat=True)[:MOST_COMMENTS]
    rows = Rating.objects.visible_to(board.reader).filter(
        pk__in=[int(subject.rpartition("-")[2]) for subject in subjects],
        score=Score.VERY_GOOD,
        invitation__team__in=board.team_ids,
        invitation__agent__is_active=True,
    )
    source = Concat(Value("rating-"), Cast(OuterRef("pk"), CharField()))
    pinned = Exists(Praise.objects.standing().filter(source=source))
    rows = rows.exclude(comment="").exclude(pinned).select_related("invitation__agent", "invitation__contact")
    return [Compliment(rating, _seal(rating, board)) for rating in rows.order_by("-rated_at", "-id")[:MOST_COMPLIMENTS]]


def _seal(rating: Rating, board: Board) -> str:
    invitation = rating.invitation
    if invitation.agent_id == board.reader.pk:
        return ""
    return vouched(
        {
            "praised": invitation.agent_id,
            "text": rating.comment[:LONGEST_WORDS],
            "said_by": str(invitation.contact)[:200],
            "conversation": invitation.conversation_id,
            "source": f"rating-{rating.pk}",
            "shown_to": board.reader.pk,
        }
    )
