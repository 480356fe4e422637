"""What administrators do with webhooks."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import islice
from secrets import token_hex

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.api.outputs.verbs import PUBLIC
from answerable.api.webhooks.catalogue import TRIAL
from answerable.api.webhooks.following import begin_here, is_for, write_down
from answerable.api.webhooks.models import Delivery, Webhook
from answerable.api.webhooks.payloads import trial
from answerable.api.webhooks.signing import new_secret
from answerable.channels import vault
from answerable.desk.errors import Refused
from answerable.events.models import Event
from answerable.events.record import record
from answerable.people.models import Team, User
from answerable.people.permissions import check_is_administrator

BOTH_VALID_FOR = timedelta(days=7)
MOST_REPLAYED = 10_000


def add_webhook(
    *, name: str, url: str, groups: Collection[str], teams: Collection[Team], by: User
) -> tuple[Webhook, str]:
    """A new one, told of what happens from now on; and its secret, which nobody can read again."""
    check_is_administrator(by)
    secret = new_secret()
    with transaction.atomic():
        row = Webhook.objects.create(name=name, url=url, groups=sorted(groups), sealed_secret=vault.seal(secret))
        row.teams.set(teams)
        begin_here(row)
        record("webhook.added", subject=row, by=by, url=url, groups=row.groups)
    return row, secret


def change_webhook(
    webhook: Webhook, *, name: str, url: str, groups: Collection[str], teams: Collection[Team], by: User
) -> None:
    """What it asks for from now on. What waits goes to the new address."""
    check_is_administrator(by)
    with transaction.atomic():
        row = Webhook.objects.select_for_update().get(pk=webhook.pk)
        row.name, row.url, row.groups = name, url, sorted(groups)
        row.save(update_fields=["name", "url", "groups"])
        row.teams.set(teams)
        record("webhook.changed", subject=row, by=by, url=url, groups=row.groups)


def change_secret(webhook: Webhook, *, by: User) -> str:
    """A new secret, answered once. The one before it signs, too, for BOTH_VALID_FOR; one before that no more."""
    check_is_administrator(by)
    secret, now = new_secret(), timezone.now()
    with transaction.atomic():
        row = Webhook.objects.select_for_update().get(pk=webhook.pk)
        row.sealed_previous, row.previous_until = row.sealed_secret, now + BOTH_VALID_FOR
        row.sealed_secret, row.secret_changed_at = vault.seal(secret), now
        row.save(update_fields=["sealed_secret", "sealed_previous", "previous_until", "secret_changed_at"])
        record("webhook.secret_changed", subject=row, by=by)
    return secret


def forget_previous(webhook: Webhook, *, by: User) -> None:
    """The secret before this one signs no longer."""
    check_is_administrator(by)
    with transaction.atomic():
        Webhook.objects.filter(pk=webhook.pk).update(sealed_previous="", previous_until=None)
        record("webhook.secret_forgotten", subject=webhook, by=by)


def switch_on(webhook: Webhook, *, by: User) -> None:
    """It is told what happens from now on, and what waited when it was switched off."""
    check_is_administrator(by)
    with transaction.atomic():
        row = Webhook.objects.select_for_update().get(pk=webhook.pk)
        if row.stopped_at is None:
            return
        row.stopped_at, row.stopped_because = None, ""
        row.failures, row.failing_since, row.rests_until = 0, None, None
        row.save(update_fields=["stopped_at", "stopped_because", "failures", "failing_since", "rests_until"])
        begin_here(row)
        record("webhook.switched_on", subject=row, by=by)


def switch_off(webhook: Webhook, *, by: User) -> None:
    """Nothing is sent. What happens meanwhile is not collected; a replay brings it."""
    check_is_administrator(by)
    with transaction.atomic():
        if Webhook.objects.on().filter(pk=webhook.pk).update(stopped_at=timezone.now(), stopped_because=""):
            record("webhook.switched_off", subject=webhook, by=by)


def remove_webhook(webhook: Webhook, *, by: User) -> None:
    """Gone from the pages, its secrets forgotten; what it was told stays in the log for as long as the log is kept."""
    check_is_administrator(by)
    with transaction.atomic():
        gone = {"removed_at": timezone.now(), "sealed_secret": "", "sealed_previous": "", "previous_until": None}
        if Webhook.objects.current().filter(pk=webhook.pk).update(**gone):
            Delivery.objects.filter(webhook=webhook, state=Delivery.State.WAITING).update(state=Delivery.State.FAILED)
            record("webhook.removed", subject=webhook, by=by)


def try_out(webhook: Webhook, *, by: User) -> Delivery:
    """A delivery that says nothing but that deliveries arrive."""
    check_is_administrator(by)
    if webhook.stopped_at is not None:
        raise Refused(_("It is switched off. Switch it on, and try again."))
    now = timezone.now()
    with transaction.atomic():
        Webhook.objects.filter(pk=webhook.pk).update(rests_until=None)
        row = Delivery.objects.create(webhook=webhook, key=f"trial-{token_hex(12)}", verb=TRIAL, body=trial(now))
        record("webhook.tried", subject=webhook, by=by)
    return row


def replay(delivery: Delivery, *, by: User) -> None:
    """Send one again, under the same id and with the same words. Refused while it waits, and where it is off."""
    check_is_administrator(by)
    with transaction.atomic():
        row = Delivery.objects.select_for_update().select_related("webhook").get(pk=delivery.pk)
        _check_is_on(row.webhook)
        if row.state == Delivery.State.WAITING:
            raise Refused(_("It has not arrived yet, and is tried by itself."))
        _begin_again(Delivery.objects.filter(pk=row.pk))
        record("webhook.replayed", subject=row.webhook, by=by, delivery=row.pk)


def replay_between(webhook: Webhook, *, since: datetime, until: datetime, by: User) -> int:
    """Send everything again that happened in between and that it asks for, also what happened while it was off.

    How many. Each under the id it had, and in the order it happened in. Refused where there are too many at once.
    """
    check_is_administrator(by)
    _check_is_on(webhook)
    between = Event.objects.filter(at__gte=since, at__lt=until, verb__in=PUBLIC).order_by("pk")
    events = between.values_list("pk", "verb", "team_id").iterator()
    wanted = list(islice((pk for pk, verb, team in events if is_for(webhook, verb, team)), MOST_REPLAYED + 1))
    if len(wanted) > MOST_REPLAYED:
        raise Refused(_("That is more than %(most)s deliveries. Choose a shorter time.") % {"most": MOST_REPLAYED})
    with transaction.atomic():
        write_down(webhook, wanted)
        _begin_again(Delivery.objects.filter(webhook=webhook, event__in=wanted))
        record(
            "webhook.replayed",
            subject=webhook,
            by=by,
            since=since.isoformat(),
            until=until.isoformat(),
            count=len(wanted),
        )
    return len(wanted)


def _check_is_on(webhook: Webhook) -> None:
    if webhook.stopped_at is not None or webhook.removed_at is not None:
        raise Refused(_("It is switched off. Switch it on, and try again."))


def _begin_again(rows: "models.QuerySet[Delivery]") -> None:
    now = timezone.now()
    rows.update(state=Delivery.State.WAITING, due_at=now, begun_at=now)
