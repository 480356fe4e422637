"""What an administrator sets up: gateways, and our accounts there. Secrets are sealed before they are stored."""

import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.instant.filing.outcome import NO_INBOX
from answerable.channels.instant.health import note_failing, note_well
from answerable.channels.instant.messenger import messengers
from answerable.channels.instant.models import Arrival, Gateway, Line
from answerable.channels.vault import seal
from answerable.desk.actions.inboxes import add_inbox, restore_inbox, retire_inbox
from answerable.desk.errors import Refused
from answerable.events.jobs import Later
from answerable.events.record import record
from answerable.people.models import Team, User
from answerable.people.permissions import check_is_administrator


def save_gateway(
    row: Gateway, *, name: str, base_url: str, facts: dict[str, Any], secrets: dict[str, str], by: User | None
) -> Gateway:
    """A gateway, new or changed. The event does not say what its secrets are."""
    check_is_administrator(by)
    with transaction.atomic():
        verb = "messenger.changed" if row.pk else "messenger.connected"
        row.name, row.base_url, row.facts = name[:200], base_url, facts
        row.sealed_secrets = seal(json.dumps(secrets))
        row.checked_at = row.failing_since = row.alarmed_at = None
        row.error = ""
        row.save()
        record(verb, subject=row, by=by, channel=row.channel, name=row.name, base_url=base_url)
    return row


def retire_gateway(row: Gateway, *, by: User | None) -> None:
    """Nothing comes or leaves by it any more. Its conversations stay."""
    check_is_administrator(by)
    with transaction.atomic():
        row = Gateway.objects.select_for_update().get(pk=row.pk)
        if row.retired_at is None:
            row.retired_at = timezone.now()
            row.save(update_fields=["retired_at"])
            for line in row.lines.select_related("inbox"):
                retire_inbox(line.inbox, by=by)
            record("messenger.retired", subject=row, by=by, channel=row.channel, name=row.name)


def add_line(
    gateway: Gateway, *, wanted: str, name: str, team: Team, language: str, region: str, by: User | None
) -> Line:
    """An account of ours, and the inbox it is. `wanted` is how the administrator calls it."""
    check_is_administrator(by)
    messenger = messengers()[gateway.channel]
    account = messenger.account_of(gateway, wanted)
    with transaction.atomic():
        if Line.objects.filter(gateway=gateway, account=account).exists():
            raise Refused(_("%(account)s is an inbox already.") % {"account": account})
        address = messenger.address_of(gateway, account)
        line = _taken_over(gateway, address)
        if line is not None:
            restore_inbox(line.inbox, name=name, team=team, language=language, region=region, by=by)
        else:
            inbox = add_inbox(
                name=name, address=address, team=team, by=by, channel=gateway.channel, language=language, region=region
            )
            line = Line.objects.create(gateway=gateway, inbox=inbox, account=account)
        early = Arrival.objects.filter(gateway=gateway, outcome=Arrival.Outcome.QUARANTINED, reason=NO_INBOX.reason)
        early.update(outcome="", reason="", attempts=0, due_at=timezone.now())
        return line


def _taken_over(gateway: Gateway, address: str) -> Line | None:
    """Ours of a gateway that was disconnected, with its chats: what was said there goes on here. None if there is
    none."""
    gone = Line.objects.filter(gateway__channel=gateway.channel, gateway__retired_at__isnull=False)
    line = gone.select_related("inbox").filter(inbox__address=address.lower()).first()
    if line is not None:
        line.gateway = gateway
        line.save(update_fields=["gateway"])
        line.chats.update(gateway=gateway)
    return line


def check_now(gateway: Gateway, *, by: User | None) -> str:
    """Whether it works: a sentence that says so. Raises Later with what does not."""
    check_is_administrator(by)
    try:
        words = messengers()[gateway.channel].check(gateway)
    except Later as reason:
        note_failing(gateway, str(reason))
        raise
    note_well(gateway)
    return words


def try_again(arrival: Arrival, *, by: User | None) -> None:
    """What was put aside is taken in once more."""
    check_is_administrator(by)
    with transaction.atomic():
        row = Arrival.objects.select_for_update().get(pk=arrival.pk)
        if row.outcome != Arrival.Outcome.QUARANTINED:
            raise Refused(_("Only what was put aside can be tried again."))
        row.outcome, row.reason, row.attempts, row.due_at = "", "", 0, timezone.now()
        row.save(update_fields=["outcome", "reason", "attempts", "due_at"])
        record("messenger.tried_again", subject=row, by=by)
