"""What a team can't get to in time goes to another."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from answerable.desk.actions.changes import change_team
from answerable.desk.actions.held import hold_all, keep_all
from answerable.desk.actions.offers import NOT_OFFERED
from answerable.desk.models import Conversation, TeamRouting
from answerable.desk.routing.line import waiting, with_arrival
from answerable.events.models import Event

BATCH = 200
OVERFLOWED = "conversation.overflowed"


def overflow(rules: Iterable[TeamRouting]) -> int:
    """Hand on what has waited longer than its team's rule allows; once from each team, so that it never goes in
    circles. How many were."""
    return sum(_overflow(rule) for rule in rules if rule.overflow_to_id is not None)


def _overflow(rule: TeamRouting) -> int:
    minutes, to = rule.overflow_minutes, rule.overflow_to
    assert minutes is not None
    assert to is not None
    if to.retired_at is not None:
        return 0
    since = timezone.now() - timedelta(minutes=minutes)
    own = Event.objects.filter(root=Concat(Value("conversation-"), Cast(OuterRef("pk"), CharField())))
    before = own.filter(verb=OVERFLOWED, particulars__before=rule.team_id)
    just_came = own.filter(verb="conversation.moved", particulars__to=rule.team_id, at__gt=since)
    rows = Conversation.objects.filter(NOT_OFFERED, ~Exists(before), ~Exists(just_came), team=rule.team_id)
    late = with_arrival(waiting(rows)).filter(arrived_at__lte=since).order_by("arrived_at", "pk")
    numbers = list(late.values_list("pk", flat=True)[:BATCH])
    if not numbers:
        return 0
    with transaction.atomic():
        held = hold_all(numbers)
        moved = [
            one for one in held.values() if one.conversation.team_id == rule.team_id and _waits_on(one.conversation)
        ]
        for one in moved:
            one.record(OVERFLOWED, by=None, before=rule.team_id, to=to.pk, minutes=minutes)
            change_team(one, to=to, by=None)
        keep_all(moved)
    return len(moved)


def _waits_on(conversation: Conversation) -> bool:
    """Nobody has taken it since it was read."""
    return conversation.assignee_id is None and conversation.is_unsolved and conversation.snoozed_until is None
