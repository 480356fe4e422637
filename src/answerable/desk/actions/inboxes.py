"""The addresses conversations come in by."""

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.desk.errors import Refused
from answerable.desk.models import Inbox
from answerable.events.record import record
from answerable.people.models import Team, User
from answerable.people.permissions import check_is_administrator


def add_inbox(
    *,
    name: str,
    address: str,
    team: Team,
    by: User | None,
    channel: str = "email",
    language: str = "",
    region: str = "",
) -> Inbox:
    """What comes in by `address` is the team's."""
    check_is_administrator(by)
    address = address.strip().lower()
    with transaction.atomic():
        if Inbox.objects.filter(address=address).exists():
            raise Refused(_("There is an inbox for %(address)s already.") % {"address": address})
        inbox = Inbox.objects.create(
            name=name, channel=channel, address=address, team=team, language=language, region=region
        )
        record("inbox.added", subject=inbox, by=by, team_id=team.pk, address=address, channel=channel)
    return inbox
