"""Shifts: who works when. The leads of a team make its rota."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answerable.core.calendar import Interval, instant
from answerable.core.rota import fault_of
from answerable.events.models import Event, noun
from answerable.events.record import record
from answerable.people.errors import Refused, Stale
from answerable.people.models import Absence, Shift, SwapRequest, Team, User
from answerable.people.models.shift import breaks_of
from answerable.people.permissions import check_may_manage
from answerable.people.rota_words import absence_words, span_words

FAULTS = MappingProxyType(
    {
        "end": ("ends", gettext_lazy("It ends before it begins.")),
        "long": ("ends", gettext_lazy("A shift lasts 24 hours at most. Make two of it.")),
        "break_end": ("breaks", gettext_lazy("A break ends before it begins.")),
        "break_outside": ("breaks", gettext_lazy("A break lies outside the shift.")),
        "breaks_overlap": ("breaks", gettext_lazy("Two breaks overlap.")),
    }
)


def add_shift(
    *, user: User, team: Team, span: Interval, breaks: Sequence[Interval] = (), note: str = "", by: User | None
) -> Shift:
    """Somebody works in the team from one instant to another."""
    check_may_manage(by, team)
    with transaction.atomic():
        hold([user])
        check_shift(user, team, span, breaks)
        shift = _written(
            Shift(
                user=user,
                team=team,
                begins_at=span.start,
                ends_at=span.end,
                breaks=breaks_of(breaks),
                note=note.strip(),
            )
        )
        record("shift.added", subject=shift, by=by, team_id=team.pk, **_told(shift))
    return shift


def change_shift(
    shift: Shift,
    *,
    revision: int,
    user: User,
    team: Team,
    span: Interval,
    breaks: Sequence[Interval] = (),
    note: str = "",
    by: User | None,
) -> Shift:
    """Move it, give it to somebody else, change its breaks. Raises Stale when it is no longer what `by` has read."""
    check_may_manage(by, shift.team)
    check_may_manage(by, team)
    with transaction.atomic():
        shift = hold_shift(shift, revision=revision)
        hold({user, shift.user})
        check_shift(user, team, span, breaks, but=[shift])
        before = _told(shift)
        if user != shift.user:
            end_swaps(shift, by=by)
        shift.user, shift.team, shift.note = user, team, note.strip()
        shift.begins_at, shift.ends_at, shift.breaks = span.start, span.end, breaks_of(breaks)
        after = _told(shift)
        if before != after:
            revise(shift)
            record("shift.changed", subject=shift, by=by, team_id=team.pk, before=before, **after)
    return shift


def cancel_shift(shift: Shift, *, by: User | None) -> Shift:
    """Take it out of the rota. A pattern that laid it out does not lay it again."""
    check_may_manage(by, shift.team)
    with transaction.atomic():
        shift = Shift.objects.select_for_update(of=("self",)).select_related("user", "team").get(pk=shift.pk)
        if shift.cancelled_at is None:
            end_swaps(shift, by=by)
            shift.cancelled_at = timezone.now()
            revise(shift)
            record("shift.cancelled", subject=shift, by=by, team_id=shift.team_id, **_told(shift))
    return shift


def copy_week(team: Team, *, monday: date, to: date, by: User | None) -> tuple[int, int]:
    """Each shift of the team, and of those below it, that begins in the week of one Monday, again in another's.

    By the clock on its owner's wall, so that 9:00 stays 9:00. How many were made, and how many not, because somebody
    is away or works then. Copied again, nothing is made twice.
    """
    check_may_manage(by, team)
    if monday == to:
        raise Refused(_("That is the same week."), field="to")
    with transaction.atomic():
        teams = Team.objects.below([team.path]).filter(retired_at=None)
        around = Interval(instant(ZoneInfo("UTC"), monday, -1440), instant(ZoneInfo("UTC"), monday, 8 * 1440))
        rows = Shift.objects.standing().filter(team__in=teams, user__is_active=True)
        rows = rows.filter(begins_at__gte=around.start, begins_at__lt=around.end).select_related("user", "team")
        copies = [copy for row in rows if (copy := _copied(row, monday, to)) is not None]
        made, left_out = lay_all(copies)
        record(
            "week.copied",
            subject=team,
            by=by,
            team_id=team.pk,
            monday=monday.isoformat(),
            to=to.isoformat(),
            shifts=[shift.pk for shift in made],
        )
    return len(made), left_out


def lay_all(wanted: Iterable[Shift]) -> tuple[list[Shift], int]:
    """Write those that meet no other shift and no absence of their owner. What was written, and how many were not."""
    shifts = sorted(wanted, key=lambda shift: (shift.begins_at, shift.user_id))
    if not shifts:
        return [], 0
    people = {shift.user_id for shift in shifts}
    hold(User.objects.filter(pk__in=people))
    first, last = min(shift.begins_at for shift in shifts), max(shift.ends_at for shift in shifts)
    taken: dict[int, list[Interval]] = {pk: [] for pk in people}
    for row in Shift.objects.standing().meeting(first, last).filter(user__in=people):
        taken[row.user_id].append(row.span)
    for away in Absence.objects.approved().meeting(first, last).filter(user__in=people):
        taken[away.user_id].append(away.span)
    made = []
    for shift in shifts:
        if not any(start < shift.ends_at and shift.begins_at < end for start, end in taken[shift.user_id]):
            taken[shift.user_id].append(shift.span)
            made.append(shift)
    try:
        with transaction.atomic():
            Shift.objects.bulk_create(made)
    except IntegrityError:
        raise Refused(_("Somebody changed this rota at the same moment. Look at it and try again.")) from None
    return made, len(shifts) - len(made)


def check_shift(
    user: User, team: Team, span: Interval, breaks: Sequence[Interval], *, but: Iterable[Shift] = ()
) -> None:
    """Raises Refused, with the field, for what can't be in a rota; `but` for shifts that give way."""
    if team.retired_at:
        raise Refused(_("%(team)s is retired: nobody works there.") % {"team": team}, field="team")
    fault = fault_of(span, breaks)
    if fault is not None:
        field, words = FAULTS[fault]
        raise Refused(str(words), field=field)
    if not User.objects.seeing(team).filter(pk=user.pk).exists():
        raise Refused(_("%(name)s does not belong to %(team)s.") % {"name": user, "team": team}, field="user")
    check_free(user, span, but=but)


def check_free(user: User, span: Interval, *, but: Iterable[Shift] = ()) -> None:
    """Raises Refused where somebody works or is away in that time."""
    others = Shift.objects.standing().meeting(*span).filter(user=user).exclude(pk__in=[each.pk for each in but])
    other = others.select_related("team").first()
    if other is not None:
        raise Refused(
            _("%(name)s has another shift then, in %(team)s: %(when)s.")
            % {"name": user, "team": other.team, "when": span_words(other.span)},
            field="begins",
        )
    away = Absence.objects.approved().meeting(*span).filter(user=user).first()
    if away is not None:
        raise Refused(
            _("%(name)s is away then: %(when)s.") % {"name": user, "when": absence_words(away)}, field="begins"
        )


def hold(users: Iterable[User]) -> None:
    """Two who plan for the same people do so one after the other."""
    pks = sorted({user.pk for user in users})
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))


def hold_shift(shift: Shift, *, revision: int | None = None) -> Shift:
    """The shift as it is now. Raises Refused when it was taken out, Stale when it is not of that revision."""
    row = Shift.objects.select_for_update(of=("self",)).select_related("user", "team").get(pk=shift.pk)
    if row.cancelled_at is not None:
        raise Refused(_("This shift was taken out of the rota meanwhile."))
    if revision is not None and row.revision != revision:
        last = Event.objects.filter(subject=noun(row), verb__startswith="shift.").select_related("actor").last()
        raise Stale(
            _("%(name)s changed this shift meanwhile. It is now %(who)s, %(when)s. Save again to replace that.")
            % {
                "name": last.actor if last and last.actor else _("The system"),
                "who": row.user,
                "when": span_words(row.span),
            }
        )
    return row


def revise(shift: Shift) -> None:
    """Write what was changed, so that calendars and other readers see that it was."""
    shift.revision += 1
    shift.changed_at = timezone.now()
    _written(shift)


def end_swaps(shift: Shift, *, by: User | None) -> None:
    """An offer of a shift that its owner no longer has is void."""
    for swap in SwapRequest.objects.going_on().filter(Q(shift=shift) | Q(in_return=shift)):
        swap.state, swap.decided_by, swap.decided_at = SwapRequest.State.WITHDRAWN, by, timezone.now()
        swap.save(update_fields=["state", "decided_by", "decided_at"])
        record("swap.withdrawn", subject=swap, by=by, team_id=shift.team_id, shift=shift.pk)


def _written(shift: Shift) -> Shift:
    """The database has the last word about two shifts at a time."""
    try:
        with transaction.atomic():
            shift.save()
    except IntegrityError:
        raise Refused(_("%(name)s has another shift then.") % {"name": shift.user}, field="begins") from None
    return shift


def _copied(row: Shift, monday: date, to: date) -> Shift | None:
    """A shift that begins in the week of `monday`, moved to that of `to` by its owner's wall clock; None for others."""
    zone = ZoneInfo(row.user.time_zone)
    if not monday <= row.begins_at.astimezone(zone).date() < monday + timedelta(days=7):
        return None
    later = to - monday

    def moved(span: Interval) -> Interval:
        return Interval(_later(span.start, zone, later), _later(span.end, zone, later))

    span = moved(row.span)
    breaks = [pause for each in row.pauses if (pause := moved(each)).start < pause.end]
    if fault_of(span, breaks) not in (None, "long"):
        return None
    return Shift(
        user=row.user,
        team=row.team,
        begins_at=span.start,
        ends_at=span.end,
        breaks=breaks_of(breaks),
        note=row.note,
    )


def _later(at: datetime, zone: ZoneInfo, days: timedelta) -> datetime:
    local = at.astimezone(zone)
    return instant(zone, local.date() + days, local.hour * 60 + local.minute)


def _told(shift: Shift) -> dict[str, Any]:
    """What an event keeps of a shift."""
    return {
        "user": shift.user_id,
        "team": shift.team_id,
        "begins_at": shift.begins_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
        "breaks": shift.breaks,
        "note": shift.note,
    }
