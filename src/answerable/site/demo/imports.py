"""Before Answerable, the bookshop had another help desk: an import that was looked through, and waits for somebody."""

from datetime import datetime, timedelta

from answerable.desk.models import Inbox
from answerable.imports.models import Import
from answerable.people.models import User

FOUND = {
    "tickets": 2140,
    "messages": 6312,
    "people": 905,
    "organisations": 12,
    "statuses": {"closed": 1893, "solved": 201, "open": 31, "hold": 15},
    "priorities": {"normal": 1702, "high": 338, "low": 88, "urgent": 12},
    "groups": {"Shop": 1610, "Book club": 530},
    "agents": [["7001", "Ilze Kalniņa", ["ilze@ambermoon.example"]], ["7002", "Old Mailbox", []]],
}
MEANT = {
    "statuses": {"closed": "closed", "solved": "solved", "open": "open", "hold": "on_hold"},
    "priorities": {"normal": "normal", "high": "high", "low": "low", "urgent": "urgent"},
}


def find_an_old_desk(*, by: User, now: datetime) -> None:
    """Its export, read and not agreed with."""
    Import.objects.create(
        system="zendesk",
        inbox=Inbox.objects.filter(retired_at=None).earliest("id"),
        files=["tickets.json", "users.json", "organizations.json"],
        state=Import.State.READY,
        found=FOUND,
        mapping=MEANT,
        by=by,
        at=now - timedelta(hours=1),
    )
