"""What colleagues and customers say: praise, compliments that may be pinned, and what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from answerable.feedback.models import Rating, Score
from answerable.people.forms.board import vouched
from answerable.people.models import LONGEST_WORDS, Lesson, Praise
from answerable.people.views.board.words import Shown, shown

if TYPE_CHECKING:
    from answerable.insight.today.board import Board

PRAISE_FOR = timedelta(days=14)
LESSONS_FOR = timedelta(days=28)
MOST_PRAISE, MOST_LESSONS, MOST_COMPLIMENTS = 4, 5, 3


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
    return Said(shown(list(newest), reader), compliments(board), shown(list(learned), reader))


def compliments(board: Board) -> list[Compliment]:
    """The best ratings with a comment since the last working day began, of conversations that the reader may see and
    that somebody answered; those pinned already left out. Two queries."""
    since = board.yesterday.span.start
    recent = RawSQL(
        "feedback_rating.id IN (SELECT substr(subject, 8)::bigint FROM events_event "
        "WHERE verb = 'conversation.commented' AND at >= %s)",
        [since],
        BooleanField(),
    )
    rows = Rating.objects.visible_to(board.reader).filter(
        recent,
        score=Score.VERY_GOOD,
        invitation__team__in=board.team_ids,
        invitation__agent__is_active=True,
    )
    rows = rows.exclude(comment="").select_related("invitation__agent", "invitation__contact")
    found = list(rows.order_by("-rated_at", "-id")[: 3 * MOST_COMPLIMENTS])
    sources = [_source(rating) for rating in found]
    pinned = set(Praise.objects.standing().filter(source__in=sources).values_list("source", flat=True)) if found else ()
    left = [rating for rating in found if _source(rating) not in pinned][:MOST_COMPLIMENTS]
    return [Compliment(rating, _seal(rating, board)) for rating in left]


def _source(rating: Rating) -> str:
    return f"rating-{rating.pk}"


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
            "source": _source(rating),
            "shown_to": board.reader.pk,
        }
    )
