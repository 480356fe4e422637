"""The conversations behind each figure of the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from answerable.desk.models import Clock, Conversation
from answerable.feedback.models import Rating
from answerable.insight.today.board import Board, Day
from answerable.insight.today.figures import COUNTS
from answerable.insight.today.happened import KINDS
from answerable.insight.today.load import SOON

if TYPE_CHECKING:
    from answerable.desk.models.conversation import ConversationQuerySet

OF_EVENTS = """
desk_conversation.id IN (SELECT substr(root, 14)::bigint FROM events_event
    WHERE verb = %s AND at >= %s AND at < %s)
"""
STANDING = """
desk_conversation.id IN (SELECT substr(root, 14)::bigint FROM events_event AS event
    WHERE verb = %s AND at >= %s AND at < %s AND NOT EXISTS (
        SELECT FROM events_event AS back WHERE back.root = event.root AND back.id > event.id
            AND back.verb = 'conversation.status_changed' AND (back.particulars ->> 'of')::timestamptz = event.at))
"""
ANSWERED = """
desk_conversation.id IN (SELECT substr(root, 14)::bigint FROM events_event AS event
    WHERE verb = %s AND at >= %s AND at < %s AND particulars ->> 'automatic' = 'false' AND NOT EXISTS (
        SELECT FROM events_event AS undone WHERE undone.root = event.root AND undone.id > event.id
            AND undone.verb = 'message.undone' AND undone.subject = event.subject))
"""
VERBS = {
    "arrived": ("conversation.opened", OF_EVENTS),
    "answered": ("message.sent", ANSWERED),
    "solved": ("conversation.solved", STANDING),
    "reopened": ("conversation.reopened", STANDING),
    "rated": ("conversation.rated", OF_EVENTS),
}
NOW = ("waiting", "unassigned", "overdue", "soon", "due", "open", "escalated")
OF_CLOCKS = {"first-responses": KINDS[:1], "promises": KINDS}


@dataclass(frozen=True)
class Behind:
    """What a list is called, its rows, and what is said beside each, given the rows of a page."""

    title: str
    rows: ConversationQuerySet
    is_of_a_day: bool
    key: str


def behind(board: Board, key: str, day: Day) -> Behind | None:
    """The conversations of the board's teams that a figure counts, the reader's only; None for no such figure."""
    rows = Conversation.objects.visible_to(board.reader).filter(team__in=board.team_ids)
    if key in NOW:
        return Behind(_now_title(key), _now(rows, board, key), is_of_a_day=False, key=key)
    rows = rows.filter(spam_at=None) if key == "rated" else rows.that_count()
    if key in VERBS:
        verb, sql = VERBS[key]
        rows = rows.filter(RawSQL(sql, [verb, *day.span], BooleanField()))  # noqa: S611 (constants)
        if key == "arrived":
            rows = rows.filter(opened_by=None)
        title = _("Ratings") if key == "rated" else str(COUNTS[key][0])
        return Behind(title, rows, is_of_a_day=True, key=key)
    if key in OF_CLOCKS:
        title = _("First responses that fell due") if key == "first-responses" else _("Promises that fell due")
        clocks = _clocks(board, key, day)
        return Behind(title, rows.filter(pk__in=clocks.values("conversation")), is_of_a_day=True, key=key)
    return None


def remarks(board: Board, found: Behind, day: Day, conversations: Sequence[Conversation]) -> Mapping[int, str]:
    """What the figure took from each conversation, where that is more than that it counts. One query at most."""
    pks = [conversation.pk for conversation in conversations]
    if found.key == "rated":
        scores = Rating.objects.filter(invitation__conversation__in=pks).values_list(
            "invitation__conversation", "score"
        )
        return {pk: _("%s of 5") % score for pk, score in scores}
    if found.key in OF_CLOCKS:
        said: dict[int, list[str]] = {}
        for clock in _clocks(board, found.key, day).filter(conversation__in=pks).order_by("id"):
            said.setdefault(clock.conversation_id, []).append(
                f"{clock.get_kind_display()}: {clock.get_state_display()}"
            )
        return {pk: ", ".join(states) for pk, states in said.items()}
    return {}


def _clocks(board: Board, key: str, day: Day) -> Any:
    """Those that began on a day and have fallen due since, or are decided."""
    start, end = day.span
    due = Q(due_at__lte=board.now) | Q(state=Clock.State.BREACHED) | Q(state=Clock.State.MET, due_at=None)
    rows = Clock.objects.filter(due, kind__in=OF_CLOCKS[key], started_at__gte=start, started_at__lt=end)
    return rows.filter(team__in=board.team_ids).exclude(state=Clock.State.CANCELLED)


def _now(rows: ConversationQuerySet, board: Board, key: str) -> ConversationQuerySet:
    rows, now = rows.awake(), board.now
    if key == "waiting":
        return rows.exclude(unanswered_since=None)
    if key == "unassigned":
        return rows.filter(assignee=None)
    if key == "overdue":
        return rows.filter(due_at__lt=now)
    if key == "soon":
        return rows.filter(due_at__gte=now, due_at__lt=now + SOON)
    if key == "due":
        return rows.filter(due_at__gte=now, due_at__lt=board.today.span.end)
    if key == "escalated":
        fired = Clock.objects.filter(conversation=OuterRef("pk"), stopped_at=None, escalations__fired_at__isnull=False)
        return rows.filter(Exists(fired), due_at__isnull=False)
    return rows


def _now_title(key: str) -> str:
    return {
        "waiting": _("Wait for our answer"),
        "unassigned": _("Nobody's yet"),
        "overdue": _("Overdue"),
        "soon": _("Due within two hours"),
        "due": _("Due today"),
        "open": _("Open in all"),
        "escalated": _("Open escalations"),
    }[key]
