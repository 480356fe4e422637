"""Offering what waits to the people who are there, one thing at a time, for half a minute each.

The order of locks is the same everywhere: conversations by number, then offers, then presences.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.presence import State
from answerable.core.routing import Decision, route
from answerable.desk.actions.changes import change_assignee
from answerable.desk.actions.held import Held, hold
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Conversation, Notice, Offer, TeamRouting
from answerable.desk.routing.line import WAITS, capacities, line, waiting
from answerable.desk.routing.people import agents, offered_to
from answerable.desk.routing.reasons import frozen
from answerable.events.inserting import insert_all
from answerable.events.live.signals import signal_all
from answerable.events.models import Event
from answerable.events.record import event_of, record_all
from answerable.people.actions.attendance import note_missed
from answerable.people.models import Attendance, User

STANDS = timedelta(seconds=30)
ONE_AT_A_TIME = 7_305_001
"""Of PostgreSQL's advisory locks: whoever holds it chooses, so that nobody is counted free by two at once."""
NOT_OFFERED = ~Exists(Offer.objects.standing().filter(conversation=OuterRef("pk")))


def offer_waiting(rules: Iterable[TeamRouting]) -> list[Offer]:
    """Offer what waits in these teams to whoever is there and has room; each person at most one thing."""
    teams = {rule.team_id: rule.team for rule in rules}
    placed = offered_to(list(teams.values()))
    if not Attendance.objects.filter(user__in=placed, state=State.ONLINE, asked_until=None).exists():
        return []
    with transaction.atomic():
        if not _chooses():
            return []
        now = timezone.now()
        rows = Conversation.objects.filter(NOT_OFFERED, team__in=teams)
        decisions = route(line(rows, capacities(list(teams)), now), agents(placed, now=now), most_each=1)
        return _offer([(each, each.agent) for each in decisions if each.agent is not None], now)


def take(offer: Offer, *, by: User) -> Conversation:
    """It is theirs from now on. Refused where the offer is over, or somebody has the conversation already."""
    if offer.user_id != by.pk:
        raise PermissionDenied
    with transaction.atomic():
        held = hold(offer.conversation_id)
        row = Offer.objects.select_for_update().get(pk=offer.pk)
        if held.conversation.assignee_id == by.pk:
            return held.conversation
        if row.ended_at is not None or held.conversation.assignee_id is not None:
            raise Refused(_("This offer is over: it went to the next."))
        check_can_handle(by, held.conversation)
        hand_over(held, by=by)
        held.keep()
    return held.conversation


def hand_over(held: Held, *, by: User) -> None:
    """Somebody takes what is held; what was offered of it ends."""
    conversation = held.conversation
    change_assignee(held, to=by, by=by)
    waited_since = conversation.unanswered_since or conversation.created_at
    held.record("conversation.taken", by=by, waited=int((timezone.now() - waited_since).total_seconds()))
    standing = Offer.objects.standing().filter(conversation=conversation).select_for_update()
    _end({row: Offer.Outcome.TAKEN if row.user_id == by.pk else Offer.Outcome.WITHDRAWN for row in standing})


def withdraw(conversation: Conversation) -> None:
    """What was offered of a conversation that is held waits for nobody any more."""
    standing = Offer.objects.standing().filter(conversation=conversation).select_for_update()
    _end(dict.fromkeys(standing, Offer.Outcome.WITHDRAWN))


def pass_on(offer: Offer, *, by: User) -> None:
    """Let it go to the next. Nothing where it has gone already."""
    if offer.user_id != by.pk:
        raise PermissionDenied
    with transaction.atomic():
        _end(_decided([offer.pk], timezone.now(), passed_by=by))


def end_offers() -> float | None:
    """End what nobody answered, what waits no more, and what was offered to somebody who has left meanwhile.

    Seconds until the next would lapse (None: nothing is offered).
    """
    now = timezone.now()
    gone = Q(user__attendance=None) | ~Q(user__attendance__state=State.ONLINE)
    served = ~Exists(waiting(Conversation.objects.filter(pk=OuterRef("conversation"), team=OuterRef("team"))))
    standing = Offer.objects.standing()
    lapses = standing.order_by("lapses_at").values_list("lapses_at", flat=True)
    if not lapses[:1]:
        return None
    over = list(standing.filter(Q(lapses_at__lte=now) | gone | served).values_list("pk", flat=True))
    if over:
        with transaction.atomic():
            ended = _decided(over, now)
            _end(ended)
            note_missed([row.user_id for row, how in ended.items() if how == Offer.Outcome.LAPSED], now)
    upcoming = lapses.first()
    return None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())


def _chooses() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        return bool(cursor.fetchone()[0])


def _offer(chosen: Sequence[tuple[Decision, int]], now: datetime) -> list[Offer]:
    """Of those that nobody has taken, or holds, since they were read."""
    rows = waiting(Conversation.objects.filter(NOT_OFFERED, pk__in=[each.waiting.id for each, _person in chosen]))
    held = {row.pk: row for row in rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")}
    offers = insert_all(
        Offer(
            conversation=held[each.waiting.id],
            user_id=person,
            team_id=each.waiting.team,
            offered_at=now,
            lapses_at=now + STANDS,
            why=frozen(each),
        )
        for each, person in chosen
        if each.waiting.id in held
    )
    Attendance.objects.filter(user__in=[offer.user_id for offer in offers]).update(asked_until=now + STANDS)
    record_all(_event("offered", offer, now) for offer in offers)
    _tell(offers)
    return offers


def _decided(keys: Collection[int], now: datetime, *, passed_by: User | None = None) -> dict[Offer, Offer.Outcome]:
    """How each of these ends, if it does; held until the transaction ends."""
    numbers = Offer.objects.filter(pk__in=keys).values("conversation")
    rows = Conversation.objects.select_for_update(skip_locked=passed_by is None).filter(pk__in=numbers).order_by("pk")
    held = {row.pk: row for row in rows}
    standing = Offer.objects.standing().filter(pk__in=keys, conversation__in=held).select_for_update().order_by("pk")
    found = {}
    for offer in standing:
        conversation = held[offer.conversation_id]
        if conversation.assignee_id == offer.user_id:
            found[offer] = Offer.Outcome.TAKEN
        elif not _waits(conversation) or conversation.team_id != offer.team_id:
            found[offer] = Offer.Outcome.WITHDRAWN
        elif passed_by is not None:
            found[offer] = Offer.Outcome.PASSED
        else:
            found[offer] = Offer.Outcome.LAPSED if offer.lapses_at <= now else Offer.Outcome.WITHDRAWN
    return found


def _waits(conversation: Conversation) -> bool:
    return conversation.assignee_id is None and conversation.snoozed_until is None and conversation.status in WAITS


def _end(ended: Mapping[Offer, Offer.Outcome]) -> None:
    now = timezone.now()
    for offer, outcome in ended.items():
        offer.outcome, offer.ended_at = outcome, now
    Offer.objects.bulk_update(list(ended), ["outcome", "ended_at"])
    Attendance.objects.filter(user__in=[offer.user_id for offer in ended]).update(asked_until=None)
    insert_all(
        Notice(user_id=offer.user_id, conversation_id=offer.conversation_id, kind="missed_offer")
        for offer, outcome in ended.items()
        if outcome == Offer.Outcome.LAPSED
    )
    record_all(
        _event(outcome.value, offer, now)
        for offer, outcome in ended.items()
        if outcome in (Offer.Outcome.PASSED, Offer.Outcome.LAPSED)
    )
    _tell(ended)


def _event(verb: str, offer: Offer, at: datetime) -> Event:
    """`conversation.offered`, `.passed` or `.lapsed`: to whom."""
    return event_of(
        f"conversation.{verb}",
        subject=offer.conversation,
        by=None,
        team_id=offer.team_id,
        at=at,
        to=offer.user_id,
        offer=offer.pk,
    )


def _tell(offers: Iterable[Offer]) -> None:
    """Their own pages fetch what is offered to them."""
    if roots := [f"user-{offer.user_id}" for offer in offers]:
        signal_all("offer.changed", roots, team_id=None)
