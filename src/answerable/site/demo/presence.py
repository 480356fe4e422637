"""Who is at work in the demo company, and a desk whose conversations are offered.

The Latvian desk lets what waits be offered; its two are on a break and away, so that nothing is rung at desks where
nobody sits: whoever signs in as one of them is offered the next. The others stay at their pages until their shift ends.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from answerable.core.presence import standing
from answerable.core.routing import Verdict
from answerable.desk.models import Conversation, Offer, TeamRouting
from answerable.events.models import Event
from answerable.events.record import event_of
from answerable.people.attending import planned
from answerable.people.models import Attendance, Membership, Shift
from answerable.site.demo.company import Founded

DESK = "latvian-desk"
ON_A_BREAK, AWAY = "ilze", "janis"
OFFERED = 12
OFFERED_BEFORE, ANSWERED_WITHIN = timedelta(minutes=3), timedelta(seconds=12)


def come_to_work(company: Founded, *, now: datetime) -> None:
    """Presences as they are at an instant, and offers that were taken before it."""
    people = [user for user in company.staff.values() if user.is_active]
    shifts = Shift.objects.standing()
    until = dict(shifts.at(now).values_list("user_id", "ends_at"))
    changes = dict(shifts.filter(ends_at__lte=now).order_by("ends_at").values_list("user_id", "ends_at"))
    changes |= dict(shifts.at(now).values_list("user_id", "begins_at"))
    rows = []
    for user in people:
        row = Attendance(user=user, since=changes.get(user.pk, now - timedelta(days=30)))
        if user == company.staff[ON_A_BREAK]:
            row.chosen, row.chosen_at = Attendance.State.BREAK, now - timedelta(minutes=8)
            row.since = row.chosen_at
        elif user != company.staff[AWAY]:
            row.connected_at = row.active_at = until.get(user.pk)
        rows.append(row)
    plans = planned([user.pk for user in people], now)
    for row in rows:
        row.state, row.cause = standing(row.signs, plans.get(row.pk), now)
    Attendance.objects.bulk_create(rows)
    TeamRouting.objects.create(team=company.teams[DESK], automatic_since=now - timedelta(days=30), most_written=8)
    offers = Offer.objects.bulk_create(_taken(company, now=now))
    Event.objects.bulk_create(
        event_of(
            "conversation.offered",
            subject=offer.conversation,
            by=None,
            team_id=offer.team_id,
            at=offer.offered_at,
            to=offer.user_id,
            offer=offer.pk,
        )
        for offer in offers
    )


def _taken(company: Founded, *, now: datetime) -> Iterable[Offer]:
    """The latest conversations of the desk that one of its people has: each was offered to them, and why."""
    team = company.teams[DESK]
    people = list(Membership.objects.filter(team=team).order_by("user_id").values_list("user_id", flat=True))
    latest = (
        Conversation.objects.filter(team=team, assignee__in=people, created_at__lt=now - timedelta(hours=1))
        .select_related("assignee")
        .order_by("-last_message_at", "-pk")
    )
    for conversation in latest[:OFFERED]:
        chosen = conversation.assignee_id
        others = [person for person in people if person != chosen]
        verdict = (Verdict.IDLE_LESS, Verdict.FULL, Verdict.BREAK)[conversation.pk % 3]
        offered_at = conversation.created_at + OFFERED_BEFORE
        yield Offer(
            conversation=conversation,
            user=conversation.assignee,
            team=team,
            offered_at=offered_at,
            lapses_at=offered_at + timedelta(seconds=30),
            outcome=Offer.Outcome.TAKEN,
            ended_at=offered_at + ANSWERED_WITHIN,
            why={
                "needs": {"skills": {}, "language": conversation.language, "segment": conversation.segment},
                "last_agent": None,
                "verdicts": {Verdict.CHOSEN.value: [chosen], verdict.value: others},
            },
        )
