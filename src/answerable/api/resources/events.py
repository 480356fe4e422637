"""What happened."""

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.events import EVENT, event, visible_to
from answerable.api.outputs.verbs import PUBLIC
from answerable.api.paging import PAGING, page
from answerable.api.schema import choice, listed, number, whole

FILTERS = {
    "after": whole("Those after the event of this number: where you stopped last time.", 981),
    "verb": listed("Of one of these verbs.", choice("", sorted(PUBLIC), "conversation.solved")),
    "conversation": number("Those in this conversation."),
}
# Numbers are given out before transactions end. So nothing is shown of a transaction that began after one of this
# database which is still going on (those of other databases of the server write no events here); what bears a number
# that is yet to come was restored from another server, and is old.
SETTLED = """(events_event.transaction_id IS NULL
    OR events_event.transaction_id >= pg_snapshot_xmax(pg_current_snapshot())
    OR events_event.transaction_id < coalesce((
        SELECT running FROM pg_snapshot_xip(pg_current_snapshot()) AS running WHERE NOT EXISTS (
            SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND transactionid = running::xid
                AND datname <> current_database())
        ORDER BY running LIMIT 1), pg_snapshot_xmax(pg_current_snapshot())))"""


@operation(
    "GET",
    "/events",
    "List events",
    tag="Events",
    scope="events:read",
    answers=Listed(EVENT),
    query=FILTERS | PAGING,
    about="What happened in your teams and in the company at large, the oldest first. Keep the number of the last "
    "event you have had and give it as `after`: you miss none, and have none twice. An event appears once every "
    "transaction that began before it has ended, mostly at once.",
)
def list_events(call: Call) -> Answer:
    found = visible_to(call.by).filter(RawSQL(SETTLED, (), BooleanField()))  # noqa: S611 (a constant)
    if "after" in call.query:
        found = found.filter(pk__gt=call.query["after"])
    if "verb" in call.query:
        found = found.filter(verb__in=call.query["verb"])
    if "conversation" in call.query:
        found = found.filter(root=f"conversation-{call.query['conversation']}")
    return page(call, found, event, ascending=True)
