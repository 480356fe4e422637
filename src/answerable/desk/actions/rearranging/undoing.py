"""What was merged, split off or moved goes back; what happened since stays where it happened.

Each field gets its value from before unless it has been changed since. Promises that ended by it go on, and are then
brought up to date with what happened meanwhile. What came since by the thread of a conversation that was merged away
goes back with it; what came to one that was split off goes back to where that came from.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.actions import clocks
from answerable.desk.actions.changes import change_status
from answerable.desk.actions.clocks import ANSWERS, FINISHED
from answerable.desk.actions.held import Held, hold_all, keep_all
from answerable.desk.actions.rearranging.drafts import return_drafts
from answerable.desk.actions.rearranging.links import bring_links, return_links
from answerable.desk.actions.rearranging.merging import bring_messages, note_moved, one_goes_on
from answerable.desk.actions.rearranging.photograph import Photograph, is_as_left, keep_besides, put_back
from answerable.desk.actions.rearranging.tally import answers, count_again, time_again
from answerable.desk.actions.receiving import WOKEN_BY_A_CUSTOMER
from answerable.desk.actions.search import index_conversations
from answerable.desk.actions.tasks import count_blocking
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Clock, Conversation, Follower, Message, Rearrangement, Search, Status, Task
from answerable.people.models import User
from answerable.policy.running import compiled

UNDONE = "conversation.rearrangement_undone"
Kinds = Rearrangement.Kind


def undo(rearrangement: Rearrangement, *, by: User) -> Rearrangement:
    """Put it back. Refused while something that was done to either conversation after it stands."""
    at = timezone.now()
    with transaction.atomic():
        held = hold_all([rearrangement.source_id, rearrangement.target_id])
        row = Rearrangement.objects.select_for_update(of=("self",)).get(pk=rearrangement.pk)
        source, target = held[row.source_id], held[row.target_id]
        for one in (source, target):
            check_can_handle(by, one.conversation)
        if row.undone_at is not None:
            return row
        _check_can_undo(row, target.conversation)
        before = Photograph([source, target])
        grown = {pk for pk, one in held.items() if one.conversation.message_count != row.changed["counts"][str(pk)]}
        came = _return_messages(row)
        _return_clocks(row, source, target, at=at, by=by)
        _return_rows(row, held, before, recount=held.keys() if came else grown)
        if row.kind == Kinds.SPLIT:
            _shut(target.conversation, into=source.conversation)
            bring_links(target.conversation, source.conversation)
        else:
            _receive_again(source, came)
        for one in (source, target):
            _bring_up_to_date(one, since=row.at, at=at)
        later = _what_began_since(row, source, target, at=at, by=by) if row.kind == Kinds.SPLIT else []
        _return_what_hangs_on_it(row, source, target)
        row.undone_at = at
        row.save(update_fields=["undone_at"])
        for one, other in ((source, row.target_id), (target, row.source_id)):
            one.record(UNDONE, by=by, at=at, rearrangement=row.pk, kind=row.kind, other=other)
        keep_all([target, source])
        Clock.objects.filter(pk__in=later).update(conversation=row.source_id)
        for one in (source, target):
            keep_besides(one.conversation)
        _index_again(held)
    return row


def _check_can_undo(row: Rearrangement, target: Conversation) -> None:
    pair = (row.source_id, row.target_id)
    later = Rearrangement.objects.live().filter(Q(source__in=pair) | Q(target__in=pair), pk__gt=row.pk)
    if (last := later.order_by("-pk").first()) is not None:
        raise Refused(
            _("Messages went from #%(source)s to #%(target)s after that. Undo this first.")
            % {"source": last.source_id, "target": last.target_id}
        )
    if target.spam_at is not None:
        raise Refused(_("#%(number)s is marked as spam. Say first that it is none.") % {"number": target.pk})


def _return_messages(row: Rearrangement) -> list[Message]:
    """All that went go back. What came since and goes with them, in its order."""
    moved, fresh = row.changed["messages"], row.changed["fresh"]
    Message.objects.filter(pk__in=moved).update(conversation=row.source_id)
    Message.objects.filter(pk__in=fresh).update(origin=None)
    since = Message.objects.filter(conversation=row.target_id)
    if row.kind == Kinds.SPLIT:
        came = list(since.defer("html").order_by("id"))
        bring_messages(since, row.source_id)
        return came
    since = since.filter(origin__in=_absorbed_by(row.source_id), pk__gt=row.changed["last"])
    came = list(since.defer("html").order_by("id"))
    rows = Message.objects.filter(pk__in=[one.pk for one in came])
    rows.filter(origin=row.source_id).update(origin=None)
    rows.update(conversation=row.source_id)
    return came


def _return_rows(row: Rearrangement, held: Mapping[int, Held], before: Photograph, *, recount: Collection[int]) -> None:
    """What the conversations themselves say goes back. Of those to `recount`, messages came or went since."""
    for pk, one in held.items():
        changes = row.changed["rows"].get(str(pk), {})
        is_whole = is_as_left(one.conversation, changes)
        put_back(one.conversation, changes)
        if pk in recount:
            count_again(one.conversation)
        if pk in recount or not is_whole:
            time_again(one, before)


def _return_what_hangs_on_it(row: Rearrangement, source: Held, target: Held) -> None:
    """Drafts, tasks, asides, links and followers."""
    return_drafts(row.changed.get("drafts", []), to=source.conversation)
    _return_tasks(row, source, target)
    asides = Conversation.objects.filter(pk__in=row.changed.get("asides", []), beside=row.target_id)
    asides.update(beside=row.source_id, team=source.conversation.team)
    return_links(row.changed.get("links", {}), row.target_id, row.source_id)
    Follower.objects.filter(conversation=row.target_id, user__in=row.changed.get("followed", [])).delete()


def _index_again(numbers: Collection[int]) -> None:
    """What is found by words, of those that are not part of another."""
    Search.objects.filter(conversation__in=numbers).delete()
    standing = Conversation.objects.filter(pk__in=numbers).exclude(status=Status.MERGED)
    index_conversations(standing.select_related("contact"))


def _return_tasks(row: Rearrangement, source: Held, target: Held) -> None:
    tasks = Task.objects.filter(pk__in=row.changed.get("tasks", []), conversation=row.target_id)
    if tasks.update(conversation=row.source_id):
        for one in (source, target):
            count_blocking(one.conversation)


def _absorbed_by(number: int) -> set[int]:
    """It, and all that was merged into it before."""
    found, fresh = {number}, {number}
    while fresh:
        fresh = set(Conversation.objects.filter(merged_into__in=fresh).values_list("pk", flat=True)) - found
        found |= fresh
    return found


def _return_clocks(row: Rearrangement, source: Held, target: Held, *, at: datetime, by: User) -> None:
    """Promises that went go back, those that ended go on, and those that began by it end."""
    changed, begun, past = row.changed["clocks"], set(row.changed.get("begun", [])), row.changed.get("past", [])
    wanted = Clock.objects.filter(pk__in=[*map(int, changed), *begun]).select_related("agent")
    for clock in wanted.order_by("pk"):
        (source if clock.conversation_id == row.source_id else target).also([clock])
    both = [*source.clocks, *target.clocks]
    for clock in (one for one in both if one.pk in begun and one.state != Clock.State.CANCELLED):
        owner = source if clock in source.clocks else target
        clocks.cancel(owner, clock, at=at, by=by, because="undone")
    went = [clock for clock in target.clocks if "conversation_id" in changed.get(str(clock.pk), {})]
    rested = {clock.kind: [pause for pause in clock.pauses if pause[0] >= row.at.isoformat()] for clock in went}
    for clock in (one for one in both if str(one.pk) in changed):
        _go_on(clock, changed[str(clock.pk)])
    for clock in target.going_on():
        if clock not in went and clock.kind in rested and str(clock.pk) in changed:
            _rest_likewise(clock, rested[clock.kind])
    for clock in went:
        note_moved(source, clock, by=by, at=at, source=row.target_id, because="undone")
    source.take_over(target, went)
    theirs = [clock for clock in target.clocks if clock.pk in past]
    source.take_over(target, theirs)
    Clock.objects.filter(pk__in=[*(clock.pk for clock in went), *past]).update(conversation=row.source_id)
    for clock in (*went, *theirs):
        clock.conversation_id = row.source_id


def _go_on(clock: Clock, changes: dict[str, list[object]]) -> None:
    """As it was; a promise that was broken meanwhile stays broken, and what was done about it is not done again."""
    has_gone = "conversation_id" in changes
    if not has_gone and not is_as_left(clock, changes):
        return
    broken_at = clock.breached_at
    put_back(clock, changes, always=has_gone)
    if broken_at is not None and clock.breached_at is None:
        clock.breached_at, clock.state = broken_at, Clock.State.BREACHED
    if clock.stopped_at is None and clock.state != Clock.State.CANCELLED:
        clocks.compute_again(clock)


def _rest_likewise(clock: Clock, pauses: Sequence[list[str | None]]) -> None:
    """The one that ran instead of it has rested meanwhile; so would it have, if it ever does."""
    if pauses and compiled(clock.version_id).standards[clock.standard].pauses:
        clock.pauses = [*clock.pauses, *pauses]
        clocks.compute_again(clock)


def _what_began_since(row: Rearrangement, source: Held, target: Held, *, at: datetime, by: User) -> list[int]:
    """What was promised in the one that was split off since then goes on where its messages are now. The numbers of
    those clocks: they go once all is kept, since others end by it."""
    begun = row.changed["begun"]
    later = [clock for clock in target.going_on() if clock.pk not in begun]
    one_goes_on(source, later, [source, target], at=at, by=by, because="merged")
    going = [clock for clock in later if clock.stopped_at is None]
    for clock in going:
        note_moved(source, clock, by=by, at=at, source=target.conversation.pk, because="undone")
        clock.conversation_id = source.conversation.pk
    source.take_over(target, going)
    past = Clock.objects.filter(conversation=target.conversation, stopped_at__isnull=False).exclude(pk__in=begun)
    kept = past.exclude(state=Clock.State.CANCELLED).values_list("pk", flat=True)
    return [*(clock.pk for clock in going), *kept]


def _shut(husk: Conversation, *, into: Conversation) -> None:
    """Nothing is left of what was split off but its number, by which mail finds where its messages are."""
    husk.status, husk.merged_into = Status.MERGED, into
    husk.unanswered_since = husk.snoozed_until = husk.asked_at = None
    husk.message_count = 0


def _receive_again(held: Held, came: Sequence[Message]) -> None:
    """What customers wrote meanwhile, as if it had come here at once."""
    written = [message for message in came if not message.automatic and message.contact_id]
    if not written:
        return
    conversation = held.conversation
    clocks.customers_wrote([(held, message.created_at) for message in written])
    if conversation.status == Status.CLOSED:
        conversation.status, conversation.closed_at = Status.SOLVED, None
    if conversation.status in WOKEN_BY_A_CUSTOMER:
        change_status(held, to=Status.OPEN, by=None, at=written[0].created_at)
    conversation.snoozed_until = None
    count_again(conversation)


def _bring_up_to_date(held: Held, *, since: datetime, at: datetime) -> None:
    """Promises that go on again: an answer since stops them, a solution ends them, a status makes them rest."""
    conversation = held.conversation
    if conversation.status == Status.MERGED:
        return
    answered = answers(conversation).filter(created_at__gt=since).select_related("user").first()
    for clock in held.going_on(ANSWERS) if answered else ():
        if answered and answered.created_at > clock.started_at:
            clocks.stop(held, clock, at=answered.created_at, by=answered.user)
    if answered and conversation.first_answered_at is None and conversation.opened_by_id is None:
        conversation.first_answered_at = answered.created_at
        conversation.first_answer_seconds = clocks.business_seconds(held, until=answered.created_at)
    if conversation.status in FINISHED:
        clocks.finish(held, at=conversation.solved_at or conversation.closed_at or at, by=None)
    for clock in held.going_on():
        clocks.rest_or_go_on(clock, conversation.status, at)
