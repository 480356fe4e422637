"""Who is praised finds it among their notices."""

from answerable.desk.models import Notice
from answerable.events.models import Event
from answerable.people.models import Praise

LONGEST_SNIPPET = 120


def notice_praise(event: Event) -> None:
    """Reaction to praise: one notice, however often it runs; none of what was taken back meanwhile."""
    row = Praise.objects.standing().filter(pk=int(event.subject.rpartition("-")[2])).select_related("by").first()
    if row is None:
        return
    told = Notice.objects.filter(user=row.praised_id, kind="praise", particulars__praise=row.pk)
    if not told.exists():
        who = row.said_by or str(row.by)
        about = {"praise": row.pk, "who": who, "text": row.text[:LONGEST_SNIPPET]}
        Notice.objects.create(user_id=row.praised_id, kind="praise", particulars=about, at=event.at)
