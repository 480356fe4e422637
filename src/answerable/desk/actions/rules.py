"""Rules: administrators write them, switch them on and put them in order; what can't be carried out is switched off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.rules.step import Do
from answerable.core.rules.trigger import OnEvent
from answerable.desk.actions.held import Held
from answerable.desk.errors import Refused
from answerable.desk.models import Field, Notice, Rule, RuleVersion
from answerable.desk.models.rule import CONTENT, WATCHING
from answerable.desk.placeholders import check_text
from answerable.desk.rules.compiled import read_content
from answerable.desk.steps import Broken
from answerable.events.record import record
from answerable.people.models import Membership, Role, Team, User
from answerable.people.permissions import check_is_administrator

TOLD_AGAIN_AFTER = timedelta(days=1)
MOST_RULES = 500


@dataclass
class Overtaken(Refused):
    """Somebody else has changed the rule since it was read: `now` is the version that stands."""

    now: RuleVersion

    def __str__(self) -> str:
        return _("%(who)s has changed it since you opened it.") % {"who": self.now.by}


def write_rule(*, content: Mapping[str, Any], by: User, rule: Rule | None = None, number: int | None = None) -> Rule:
    """A new one, behind the others and switched off, or another version of an old one. `content`: see `CONTENT`.

    Raises Overtaken where it is no longer at the version `number` that was read; Refused where something it names
    is gone. Written anew, a broken rule is whole again, and stays switched off.
    """
    check_is_administrator(by)
    trigger, _conditions, steps = read_content(content)
    if not steps:
        raise Refused(_("Give it something to do."))
    for step in steps:
        if step.do in (Do.REPLY, Do.NOTE):
            check_text(step.text)
    with transaction.atomic():
        if rule is not None:
            rule = Rule.objects.current().select_for_update(of=("self",)).get(pk=rule.pk)
            if number is not None and rule.number != number:
                raise Overtaken(rule.versions.select_related("by").get(number=rule.number))
        elif Rule.objects.current().count() >= MOST_RULES:
            raise Refused(_("There are %(most)s rules already.") % {"most": MOST_RULES})
        row = rule or Rule(place=Rule.objects.next_place(), number=0, owner=by)
        for name in CONTENT:
            setattr(row, name, content[name])
        row.verbs = trigger.verbs
        row.number += 1
        row.owner, row.broken_at, row.broken_why = by, None, ""
        row.watch_from(timezone.now() if row.enabled_at and not isinstance(trigger, OnEvent) else None)
        row.save()
        RuleVersion.objects.create(rule=row, number=row.number, content=content_of(row), by=by)
        verb = "changed" if rule else "added"
        record(f"rule.{verb}", subject=row, by=by, name=row.name, version=row.number)
    return row


def switch_rule(rule: Rule, *, on: bool, by: User) -> Rule:
    """On or off. Switched on, it looks at what happens from now on. Refused where what it names is gone."""
    check_is_administrator(by)
    with transaction.atomic():
        row = Rule.objects.current().select_for_update(of=("self",)).get(pk=rule.pk)
        if on == bool(row.enabled_at):
            return row
        if on:
            check_names(row)
            row.broken_at, row.broken_why = None, ""
        row.enabled_at = timezone.now() if on else None
        row.watch_from(row.enabled_at if on and not row.verbs else None)
        row.save(update_fields=["enabled_at", "broken_at", "broken_why", *WATCHING])
        record(f"rule.{'switched_on' if on else 'switched_off'}", subject=row, by=by, name=row.name)
    return row


def place_rules(order: Sequence[int], *, by: User) -> None:
    """Put all rules in this order, by number; those that are not named follow as they were."""
    check_is_administrator(by)
    with transaction.atomic():
        rows = {row.pk: row for row in Rule.objects.current().select_for_update(of=("self",))}
        wanted = [rows[pk] for pk in dict.fromkeys(order) if pk in rows]
        ordered = [*wanted, *(row for row in rows.values() if row not in wanted)]
        if [row.pk for row in ordered] == list(rows):
            return
        for place, row in enumerate(ordered, 1):
            row.place = place
        Rule.objects.bulk_update(ordered, ["place"])
        record("rule.placed", subject=ordered[0], by=by, order=[row.pk for row in ordered])


def retire_rule(rule: Rule, *, by: User) -> Rule:
    """It does nothing any more; what it did, and why, stays to be read."""
    check_is_administrator(by)
    if rule.retired_at is None:
        with transaction.atomic():
            rule.retired_at, rule.enabled_at = timezone.now(), None
            rule.watch_from(None)
            rule.save(update_fields=["retired_at", "enabled_at", *WATCHING])
            record("rule.retired", subject=rule, by=by, name=rule.name)
    return rule


def break_rule(number: int, *, why: str) -> None:
    """It can't be carried out: switch it off, and tell whoever wrote it and the administrators. Once."""
    with transaction.atomic():
        row = Rule.objects.select_for_update(of=("self",)).get(pk=number)
        if row.enabled_at is None:
            return
        row.enabled_at, row.broken_at, row.broken_why = None, timezone.now(), why[:1000]
        row.watch_from(None)
        row.save(update_fields=["enabled_at", "broken_at", "broken_why", *WATCHING])
        record("rule.broken", subject=row, by=None, name=row.name, why=row.broken_why)
        administrators = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
        told = {row.owner_id, *administrators.values_list("user_id", flat=True)}
        about = {"rule": row.pk, "name": row.name}
        Notice.objects.bulk_create(Notice(user_id=pk, kind="broken_rule", particulars=about) for pk in sorted(told))


def tell_of_cut(held: Held, rule: Rule) -> None:
    """Tell whoever wrote it that rules run in a circle; not more than once a day."""
    lately = Notice.objects.filter(user=rule.owner_id, kind="cut_rule", at__gt=timezone.now() - TOLD_AGAIN_AFTER)
    waiting = any(notice.kind == "cut_rule" and notice.particulars["rule"] == rule.pk for notice in held.notices)
    if not waiting and not lately.filter(particulars__rule=rule.pk).exists():
        about = {"rule": rule.pk, "name": rule.name}
        held.notices.append(
            Notice(user_id=rule.owner_id, conversation=held.conversation, kind="cut_rule", particulars=about)
        )


def content_of(rule: Rule) -> dict[str, Any]:
    """What it says, as a version keeps it."""
    return {name: getattr(rule, name) for name in CONTENT}


def check_names(rule: Rule) -> None:
    """Raises Broken where something its steps name is gone: a team, a colleague, a field."""
    _trigger, _conditions, steps = read_content(content_of(rule))
    teams = [step.to for step in steps if step.do is Do.MOVE]
    teams += [step.to.removeprefix("team:") for step in steps if step.to.startswith("team:")]
    people = [step.to.removeprefix("user:") for step in steps if step.to.startswith("user:")]
    fields = [int(step.to) for step in steps if step.do is Do.SET_FIELD]
    there = set(Team.objects.filter(key__in=teams, retired_at=None).values_list("key", flat=True))
    if gone := next((key for key in teams if key not in there), None):
        raise Broken(_("There is no team “%(team)s” any more.") % {"team": gone})
    known = set(User.objects.active().filter(email__in=people).values_list("email", flat=True))
    if gone := next((email for email in people if email not in known), None):
        raise Broken(_("There is no colleague %(address)s any more.") % {"address": gone})
    if set(fields) - set(Field.objects.current().filter(pk__in=fields).values_list("pk", flat=True)):
        raise Broken(_("A field that it fills in is no longer asked for."))
