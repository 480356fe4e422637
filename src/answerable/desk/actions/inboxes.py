"""The addresses conversations come in by."""

from django.db import transaction
from django.utils import timezone
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


def change_inbox(
    inbox: Inbox, *, name: str, address: str, team: Team, language: str, region: str, by: User | None
) -> Inbox:
    """What comes in from now on; conversations stay where they are."""
    check_is_administrator(by)
    address = address.strip().lower()
    with transaction.atomic():
        row = Inbox.objects.select_for_update().get(pk=inbox.pk)
        if Inbox.objects.filter(address=address).exclude(pk=row.pk).exists():
            raise Refused(_("There is an inbox for %(address)s already.") % {"address": address})
        before = {"name": row.name, "address": row.address, "team": row.team_id}
        row.name, row.address, row.team, row.language, row.region = name, address, team, language, region
        row.save(update_fields=["name", "address", "team", "language", "region"])
        record("inbox.changed", subject=row, by=by, team_id=team.pk, before=before)
    return row


def restore_inbox(inbox: Inbox, *, name: str, team: Team, language: str, region: str, by: User | None) -> Inbox:
    """One that was retired takes in again, as this."""
    row = change_inbox(inbox, name=name, address=inbox.address, team=team, language=language, region=region, by=by)
    with transaction.atomic():
        row = Inbox.objects.select_for_update().get(pk=row.pk)
        if row.retired_at is not None:
            row.retired_at = None
            row.save(update_fields=["retired_at"])
            record("inbox.added", subject=row, by=by, team_id=team.pk, address=row.address, channel=row.channel)
    return row


def retire_inbox(inbox: Inbox, *, by: User | None) -> Inbox:
    """Nothing comes in by it any more; its conversations go on."""
    check_is_administrator(by)
    with transaction.atomic():
        row = Inbox.objects.select_for_update().get(pk=inbox.pk)
        if row.retired_at is None:
            row.retired_at = timezone.now()
            row.save(update_fields=["retired_at"])
            record("inbox.retired", subject=row, by=by, team_id=row.team_id)
    return row
