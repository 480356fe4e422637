"""Absences: everybody asks for their own, a lead of one of their teams decides."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.calendar import Interval
from answerable.events.record import record
from answerable.people.actions.shifts import hold
from answerable.people.errors import Refused
from answerable.people.models import Absence, User
from answerable.people.models.user import UserQuerySet
from answerable.people.permissions import may_lead
from answerable.people.rota_words import absence_words

LONGEST_DAYS = 3 * 366


def ask_for_absence(
    *,
    user: User,
    kind: str,
    span: Interval,
    time_zone: str = "",
    stand_in: User | None = None,
    note: str = "",
    by: User,
) -> Absence:
    """Somebody will be away. Entered by who may decide it, it is approved at once.

    `time_zone` says that the span is whole days of that zone. Raises Refused with the field.
    """
    decides = may_lead(by, user)
    if by.pk != user.pk and not decides:
        raise PermissionDenied
    with transaction.atomic():
        hold([user] if stand_in is None else [user, stand_in])
        check_absence(user, span, stand_in)
        absence = Absence(
            user=user,
            kind=kind,
            begins_at=span.start,
            ends_at=span.end,
            time_zone=time_zone,
            stand_in=stand_in,
            note=note.strip(),
            asked_by=by,
        )
        _write(absence)
        _record("requested", absence, by)
        if decides:
            _decide(absence, Absence.State.APPROVED, by, "")
    return absence


def decide_absence(absence: Absence, *, approve: bool, answer: str = "", by: User) -> Absence:
    """Approve it or not, with a word to who asked."""
    if not may_lead(by, absence.user):
        raise PermissionDenied
    with transaction.atomic():
        absence = _held(absence)
        if absence.state != Absence.State.REQUESTED:
            raise Refused(
                _("It is decided already: %(state)s, by %(name)s.")
                % {"state": absence.get_state_display(), "name": absence.decided_by or absence.user}
            )
        if approve and absence.stand_in is not None:
            check_stand_in(absence.user, absence.span, absence.stand_in)
        state = Absence.State.APPROVED if approve else Absence.State.DECLINED
        _decide(absence, state, by, answer)
    return absence


def withdraw_absence(absence: Absence, *, by: User) -> Absence:
    """They will be there after all. What has begun ends now."""
    if by.pk != absence.user_id and not may_lead(by, absence.user):
        raise PermissionDenied
    now = timezone.now()
    with transaction.atomic():
        absence = _held(absence)
        if absence.state not in (Absence.State.REQUESTED, Absence.State.APPROVED) or absence.ends_at <= now:
            raise Refused(_("It is over, or was withdrawn already."))
        if absence.state == Absence.State.APPROVED and absence.begins_at < now:
            absence.ends_at, absence.time_zone = now, ""
            _revise(absence)
            _record("ended", absence, by)
        else:
            _decide(absence, Absence.State.WITHDRAWN, by, "")
    return absence


def check_absence(user: User, span: Interval, stand_in: User | None) -> None:
    """Raises Refused, with the field, for what can't be."""
    if span.end <= span.start:
        raise Refused(_("It ends before it begins."), field="ends")
    if (span.end - span.start).days > LONGEST_DAYS:
        raise Refused(_("Three years are the most. Deactivate who does not come back."), field="ends")
    other = Absence.objects.standing().meeting(*span).filter(user=user).first()
    if other is not None:
        raise Refused(
            _("%(name)s is away then already: %(when)s.") % {"name": user, "when": absence_words(other)}, field="begins"
        )
    if stand_in is not None:
        check_stand_in(user, span, stand_in)


def check_stand_in(user: User, span: Interval, stand_in: User) -> None:
    """Raises Refused for somebody who could not act: oneself, of another team, or away, too."""
    if stand_in.pk == user.pk:
        raise Refused(_("Nobody stands in for themself. Choose a colleague."), field="stand_in")
    if not colleagues(user).filter(pk=stand_in.pk).exists():
        raise Refused(
            _("%(name)s shares no team with %(absent)s.") % {"name": stand_in, "absent": user}, field="stand_in"
        )
    away = Absence.objects.standing().meeting(*span).filter(user=stand_in).first()
    if away is not None:
        raise Refused(
            _("%(name)s is away at that time, too: %(when)s.") % {"name": stand_in, "when": absence_words(away)},
            field="stand_in",
        )


def colleagues(user: User) -> UserQuerySet:
    """Who could stand in for somebody: those who see a team they belong to."""
    paths = {path for membership in user.memberships.select_related("team") for path in membership.team.lineage}
    people: UserQuerySet = User.objects.active().filter(memberships__team__path__in=paths).exclude(pk=user.pk)
    return people.distinct().order_by("name", "id")


def _held(absence: Absence) -> Absence:
    rows = Absence.objects.select_for_update(of=("self",)).select_related("user", "stand_in", "decided_by")
    return rows.get(pk=absence.pk)


def _decide(absence: Absence, state: Absence.State, by: User, answer: str) -> None:
    absence.state, absence.decided_by, absence.decided_at, absence.answer = state, by, timezone.now(), answer.strip()
    _revise(absence)
    _record(state.value, absence, by)


def _revise(absence: Absence) -> None:
    absence.revision += 1
    absence.changed_at = timezone.now()
    _write(absence)


def _write(absence: Absence) -> None:
    try:
        with transaction.atomic():
            absence.save()
    except IntegrityError:
        raise Refused(_("%(name)s is away then already.") % {"name": absence.user}, field="begins") from None


def _record(past: str, absence: Absence, by: User) -> None:
    """Why somebody is away is nobody else's business: events don't tell."""
    record(
        f"absence.{past}",
        subject=absence,
        by=by,
        user=absence.user_id,
        begins_at=absence.begins_at.isoformat(),
        ends_at=absence.ends_at.isoformat(),
        stand_in=absence.stand_in_id,
    )
