"""Weeks that repeat, laid out into shifts for as far ahead as one likes."""

from collections.abc import Container, Iterable, Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.opening import Opening, opening_text
from answerable.core.rota import breaks_on, fault_of, lay_out, span_on
from answerable.events.record import record
from answerable.people.actions.shifts import FAULTS, end_swaps, lay_all, revise
from answerable.people.errors import Refused
from answerable.people.models import Pattern, Shift, Team, User
from answerable.people.models.shift import breaks_of
from answerable.people.permissions import check_may_manage

MOST_DAYS_AHEAD = 366


def add_pattern(
    *,
    user: User,
    team: Team,
    weekdays: Iterable[int],
    begins: time,
    ends: time,
    breaks: Sequence[Opening] = (),
    time_zone: str,
    from_on: date,
    until_on: date | None = None,
    by: User | None,
) -> Pattern:
    """On these weekdays (Monday 0) somebody works in the team, by the clock of that zone."""
    check_may_manage(by, team)
    pattern = Pattern(
        user=user,
        team=team,
        weekdays=sorted(set(weekdays)),
        begins=begins,
        ends=ends,
        breaks=[opening_text(each) for each in sorted(breaks)],
        time_zone=time_zone,
        from_on=from_on,
        until_on=until_on,
    )
    _check_pattern(pattern)
    with transaction.atomic():
        pattern.save()
        record(
            "pattern.added",
            subject=pattern,
            by=by,
            team_id=team.pk,
            user=user.pk,
            weekdays=pattern.weekdays,
            begins=f"{begins:%H:%M}",
            ends=f"{ends:%H:%M}",
            breaks=pattern.breaks,
            time_zone=time_zone,
            from_on=from_on.isoformat(),
            until_on=until_on.isoformat() if until_on else None,
        )
    return pattern


def lay_out_patterns(team: Team, *, since: date, until: date, by: User | None) -> tuple[int, int]:
    """Lay out the weeks of the team, and of those below it, from one day to another, both included.

    How many shifts were made, and how many not, because their owner is away or works then. Laid out again, no day is
    made twice, and none that was moved or taken out comes back.
    """
    check_may_manage(by, team)
    if until < since:
        raise Refused(_("It ends before it begins."), field="until")
    if (until - since).days > MOST_DAYS_AHEAD:
        raise Refused(_("A year ahead is as far as a rota goes."), field="until")
    with transaction.atomic():
        teams = Team.objects.below([team.path]).filter(retired_at=None)
        patterns = Pattern.objects.filter(team__in=teams, user__is_active=True, from_on__lte=until)
        held = patterns.exclude(until_on__lt=since).select_for_update(of=("self",))
        rows = list(held.select_related("user", "team"))
        known: set[Any] = set(
            Shift.objects.filter(pattern__in=rows, pattern_on__range=(since, until)).values_list(
                "pattern_id", "pattern_on"
            )
        )
        made, left_out = lay_all(shift for row in rows for shift in _laid(row, since, until, known))
        record(
            "rota.laid_out",
            subject=team,
            by=by,
            team_id=team.pk,
            since=since.isoformat(),
            until=until.isoformat(),
            shifts=[shift.pk for shift in made],
        )
    return len(made), left_out


def end_pattern(pattern: Pattern, *, last_on: date, by: User | None) -> int:
    """The pattern's last day; shifts of it after that day are taken out. How many."""
    check_may_manage(by, pattern.team)
    if last_on < pattern.from_on:
        raise Refused(_("It ends before it begins."), field="last_on")
    with transaction.atomic():
        pattern = Pattern.objects.select_for_update(of=("self",)).get(pk=pattern.pk)
        pattern.until_on = last_on
        pattern.save(update_fields=["until_on"])
        later = Shift.objects.standing().filter(pattern=pattern, pattern_on__gt=last_on, begins_at__gt=timezone.now())
        taken_out = list(later.select_for_update(of=("self",)))
        for shift in taken_out:
            end_swaps(shift, by=by)
            shift.cancelled_at = timezone.now()
            revise(shift)
        record(
            "pattern.ended",
            subject=pattern,
            by=by,
            team_id=pattern.team_id,
            last_on=last_on.isoformat(),
            shifts=[shift.pk for shift in taken_out],
        )
    return len(taken_out)


def _check_pattern(pattern: Pattern) -> None:
    if pattern.team.retired_at:
        raise Refused(_("%(team)s is retired: nobody works there.") % {"team": pattern.team}, field="team")
    if not pattern.weekdays:
        raise Refused(_("Choose a day of the week."), field="weekdays")
    if pattern.until_on is not None and pattern.until_on < pattern.from_on:
        raise Refused(_("It ends before it begins."), field="until_on")
    if not User.objects.seeing(pattern.team).filter(pk=pattern.user_id).exists():
        told = {"name": pattern.user, "team": pattern.team}
        raise Refused(_("%(name)s does not belong to %(team)s.") % told, field="user")
    week, winter = pattern.week, date(2024, 1, 10)  # a day on which no clock of the world changes
    fault = fault_of(span_on(week.zone, winter, week.begins, week.ends), breaks_on(week, winter))
    if fault is not None:
        field, words = FAULTS[fault]
        raise Refused(str(words), field=field)
    _check_alone(pattern)


def _check_alone(pattern: Pattern) -> None:
    """Raises Refused where another pattern of theirs has the same days at the same time."""
    rivals = Pattern.objects.filter(user=pattern.user, weekdays__overlap=pattern.weekdays)
    rivals = rivals.exclude(until_on__lt=pattern.from_on)
    if pattern.until_on is not None:
        rivals = rivals.filter(from_on__lte=pattern.until_on)
    for rival in rivals.select_related("team"):
        if _overlap(pattern, rival):
            raise Refused(
                _("%(name)s has a pattern then, in %(team)s: %(begins)s–%(ends)s.")
                % {
                    "name": pattern.user,
                    "team": rival.team,
                    "begins": f"{rival.begins:%H:%M}",
                    "ends": f"{rival.ends:%H:%M}",
                },
                field="begins",
            )


def _overlap(one: Pattern, other: Pattern) -> bool:
    """In an ordinary week on a day they share."""
    first = max(one.from_on, other.from_on)
    ones = [laid.span for laid in lay_out(one.week, first, date.fromordinal(first.toordinal() + 7))]
    others = [laid.span for laid in lay_out(other.week, first, date.fromordinal(first.toordinal() + 7))]
    return any(a.start < b.end and b.start < a.end for a in ones for b in others)


def _laid(pattern: Pattern, since: date, until: date, known: Container[tuple[int, date]]) -> Iterable[Shift]:
    first = max(since, pattern.from_on)
    last = min(until, pattern.until_on) if pattern.until_on else until
    for laid in lay_out(pattern.week, first, last):
        if (pattern.pk, laid.on) not in known:
            yield Shift(
                user=pattern.user,
                team=pattern.team,
                begins_at=laid.span.start,
                ends_at=laid.span.end,
                breaks=breaks_of(laid.breaks),
                pattern=pattern,
                pattern_on=laid.on,
            )
