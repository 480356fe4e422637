"""Trying a version on some: prepared, begun, and ended by bringing it into force for all or by taking it back.

What a pilot is judged by is chosen when it is prepared, and stays. From then on its version is not edited: what
customers are asked about is what they get. Clocks keep the version they began under, whatever becomes of the pilot.
"""

from collections.abc import Collection
from datetime import date, datetime
from secrets import token_hex

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.core.experiment import BLOCKS
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator
from answerable.policy.actions.documents import mistakes_of
from answerable.policy.actions.lots import draw_all
from answerable.policy.actions.versions import one_at_a_time, put_in_force
from answerable.policy.mistakes import mistake_words
from answerable.policy.models import Pilot, PilotStaff, Version


def prepare_pilot(
    version: Version,
    *,
    reason: str,
    staff: Collection[User],
    smallest: int,
    planned_end_on: date,
    by: User | None,
    measure: str = Pilot.Measure.FIRST_RESPONSE,
    share: int | None = None,
    by_segment: bool = False,
    seed: str = "",
    at: datetime | None = None,
) -> Pilot:
    """Write down what will be tried on whom and judged by what, before anything happens.

    `share`: percent of the customers who get the pilot, by lot; none: all who agree do, and are compared with those who
    were not asked. `smallest`: the difference, in percentage points, below which it would not matter.
    """
    check_is_administrator(by)
    at = at or timezone.now()
    if share is not None and share not in BLOCKS:
        raise Refused(_("Choose how many get the pilot from 10 to 90 %, in steps of ten."))
    if not 1 <= smallest <= 50:
        raise Refused(_("Name a difference of 1 to 50 percentage points."))
    if planned_end_on <= timezone.localdate(at):
        raise Refused(_("Plan an end that lies ahead."))
    with transaction.atomic():
        one_at_a_time()
        version = Version.objects.select_for_update().get(pk=version.pk)
        _check_can_be_tried(version)
        version.state, version.changed_at = Version.State.PILOT, at
        version.save(update_fields=["state", "changed_at"])
        pilot = Pilot.objects.create(
            version=version,
            reason=reason,
            by=by,
            created_at=at,
            share=share,
            by_segment=by_segment,
            seed=seed or token_hex(16),
            measure=Pilot.Measure(measure),
            smallest=smallest,
            planned_end_on=planned_end_on,
        )
        _record("prepared", pilot, by, at, reason=reason, share=share, measure=pilot.measure, smallest=smallest)
        for person in staff:
            add_staff(pilot, person=person, by=by, at=at)
    return pilot


def change_staff(pilot: Pilot, *, people: Collection[User], by: User | None, at: datetime | None = None) -> Pilot:
    """Exactly these answer from now on. What others answered counts as it did."""
    check_is_administrator(by)
    with transaction.atomic():
        pilot = held(pilot)
        for person in people:
            add_staff(pilot, person=person, by=by, at=at)
        for row in pilot.staff.exclude(user__in=people).select_related("user"):
            remove_staff(pilot, person=row.user, by=by, at=at)
    return pilot


def add_staff(pilot: Pilot, *, person: User, by: User | None, at: datetime | None = None) -> PilotStaff:
    """Somebody who will answer what is in the pilot."""
    check_is_administrator(by)
    at = at or timezone.now()
    if not person.is_active or not person.team_ids:
        raise Refused(_("%(name)s is in no team, so nobody's conversations reach them.") % {"name": person})
    with transaction.atomic():
        pilot = held(pilot)
        row, is_new = PilotStaff.objects.get_or_create(pilot=pilot, user=person, defaults={"by": by, "at": at})
        if is_new:
            _record("staff_added", pilot, by, at, person=person.pk)
    return row


def remove_staff(pilot: Pilot, *, person: User, by: User | None, at: datetime | None = None) -> None:
    """They answer as everybody else does. What they answered counts as it did."""
    check_is_administrator(by)
    with transaction.atomic():
        pilot = held(pilot)
        if pilot.is_running and not pilot.staff.exclude(user=person).exists():
            raise Refused(_("Somebody has to answer what is in the pilot. Name somebody else first."))
        if PilotStaff.objects.filter(pilot=pilot, user=person).delete()[0]:
            _record("staff_removed", pilot, by, at or timezone.now(), person=person.pk)


def begin_pilot(pilot: Pilot, *, by: User | None, at: datetime | None = None) -> Pilot:
    """From now on conversations that customers of the pilot begin are in it. Those who have agreed draw their lots."""
    check_is_administrator(by)
    at = at or timezone.now()
    with transaction.atomic():
        one_at_a_time()
        pilot = held(pilot)
        if pilot.is_running:
            raise Refused(_("This pilot has begun already."))
        control = Version.objects.filter(state=Version.State.IN_FORCE).first()
        if control is None:
            raise Refused(_("No version is in force that this one could be compared with."))
        _check_is_right(pilot.version)
        _check_somebody_takes_part(pilot)
        if pilot.planned_end_on <= timezone.localdate(at):
            raise Refused(_("The planned end has passed meanwhile. Give this pilot up and prepare another."))
        pilot.control, pilot.state, pilot.begun_at = control, Pilot.State.RUNNING, at
        pilot.save(update_fields=["control", "state", "begun_at"])
        drawn = draw_all(pilot)
        _record("begun", pilot, by, at, version=pilot.version.number, control=control.number, customers=drawn)
    return pilot


def promote(pilot: Pilot, *, reason: str, by: User | None, at: datetime | None = None) -> Pilot:
    """What was tried holds for everybody; the pilot is over."""
    check_is_administrator(by)
    at = at or timezone.now()
    with transaction.atomic():
        one_at_a_time()
        pilot = _running(pilot)
        _check_is_right(pilot.version)
        put_in_force(pilot.version, by=by, reason=reason, at=at)
        return _end(pilot, Pilot.State.PROMOTED, reason, by, at)


def roll_back(pilot: Pilot, *, reason: str, by: User | None, at: datetime | None = None) -> Pilot:
    """What was tried holds for nobody; clocks that run under it are kept to it until they stop.

    The version retires rather than being a draft again: promises were made by it, so its words stay what they are.
    """
    check_is_administrator(by)
    at = at or timezone.now()
    with transaction.atomic():
        one_at_a_time()
        pilot = _running(pilot)
        version = pilot.version
        version.state, version.retired_at, version.changed_at = Version.State.RETIRED, at, at
        version.save(update_fields=["state", "retired_at", "changed_at"])
        return _end(pilot, Pilot.State.ROLLED_BACK, reason, by, at)


def cancel_pilot(pilot: Pilot, *, reason: str, by: User | None, at: datetime | None = None) -> Pilot:
    """It never begins. Customers were asked about its version, so the words of that stay what they are: it is put away,
    and may be drafted from again."""
    check_is_administrator(by)
    at = at or timezone.now()
    with transaction.atomic():
        one_at_a_time()
        pilot = held(pilot)
        if pilot.is_running:
            raise Refused(_("This pilot has begun. Promote it, or roll it back."))
        version = pilot.version
        version.state, version.changed_at = Version.State.DISCARDED, at
        version.save(update_fields=["state", "changed_at"])
        return _end(pilot, Pilot.State.CANCELLED, reason, by, at)


def keep_verdict(pilot: Pilot, verdict: object) -> None:
    """What was known of it when it ended. Kept once."""
    Pilot.objects.filter(pk=pilot.pk, verdict__isnull=True).update(verdict=verdict)


def held(pilot: Pilot) -> Pilot:
    """The row as it is now, until the transaction ends. Raises Refused for one that is over."""
    row = Pilot.objects.select_for_update(of=("self",)).select_related("version").get(pk=pilot.pk)
    if not row.is_open:
        raise Refused(_("This pilot is over."))
    return row


def _running(pilot: Pilot) -> Pilot:
    pilot = held(pilot)
    if not pilot.is_running:
        raise Refused(_("This pilot has not begun."))
    return pilot


def _end(pilot: Pilot, state: Pilot.State, reason: str, by: User | None, at: datetime) -> Pilot:
    if not reason.strip():
        raise Refused(_("Say why."))
    pilot.state, pilot.ended_at, pilot.ended_by, pilot.words = state, at, by, reason
    pilot.save(update_fields=["state", "ended_at", "ended_by", "words"])
    _record(state.value, pilot, by, at, version=pilot.version.number, reason=reason)
    return pilot


def _check_can_be_tried(version: Version) -> None:
    if version.state != Version.State.DRAFT:
        raise Refused(_("Only a draft can be tried."))
    if Pilot.objects.open().exists():
        raise Refused(
            _("There is a pilot already. One at a time: a customer who is in two tests would tell nothing of either.")
        )
    _check_is_right(version)
    current = Version.objects.filter(state=Version.State.IN_FORCE).first()
    if current is None:
        raise Refused(_("No version is in force that this one could be compared with."))
    if current.document == version.document:
        raise Refused(_("This draft says what is in force already: there is nothing to try."))


def _check_is_right(version: Version) -> None:
    mistakes = mistakes_of(version.document)
    if mistakes:
        first = mistakes[0]
        raise Refused(
            ngettext(
                "The document has a mistake, so it can promise nothing yet. Line %(line)s: %(problem)s",
                "The document has %(count)d mistakes, so it can promise nothing yet. The first, line %(line)s: "
                "%(problem)s",
                len(mistakes),
            )
            % {"count": len(mistakes), "line": first.line, "problem": mistake_words(first)}
        )


def _check_somebody_takes_part(pilot: Pilot) -> None:
    staff, customers = list(pilot.staff.select_related("user")), pilot.customers.taking_part().exists()
    if not staff and not customers:
        raise Refused(_("Nobody takes part yet: name who answers, and ask customers."))
    if not staff:
        raise Refused(_("Name who answers what is in the pilot."))
    if not customers:
        raise Refused(_("No customer has agreed yet. Nobody is in a test without having said yes."))
    for row in staff:
        if not row.user.is_active or not row.user.team_ids:
            raise Refused(_("%(name)s is in no team, so nobody's conversations reach them.") % {"name": row.user})


def _record(verb: str, pilot: Pilot, by: User | None, at: datetime, **particulars: object) -> None:
    record(f"pilot.{verb}", subject=pilot, by=by, at=at, **particulars)
