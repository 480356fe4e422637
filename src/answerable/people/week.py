"""A week of the rota as a page shows it: teams, their people down, days across."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from answerable.core.calendar import Interval, instant
from answerable.core.rota import length, within
from answerable.people.models import Absence, Membership, Role, Shift, SwapRequest, Team, User

DAYS = 7
EARLIEST, LATEST = date(2000, 1, 3), date(2100, 1, 4)


@dataclass(frozen=True)
class Day:
    """A local date, from its midnight to the next; 23 or 25 hours when the clocks change."""

    on: date
    span: Interval
    is_today: bool

    @property
    def minutes(self) -> int:
        return self.minute(self.span.end)

    def minute(self, at: datetime) -> int:
        """How far into the day an instant is, cut to it."""
        inside = min(max(at, self.span.start), self.span.end)
        return int((inside - self.span.start).total_seconds() // 60)


@dataclass(frozen=True)
class Stripe:
    """A stretch of a day as a drawing has it: where it begins and how long it is, in minutes."""

    x: int
    width: int


@dataclass(frozen=True)
class Bar:
    """A shift's part of a day."""

    shift: Shift
    begins: str  # "09:00", or nothing where it began the day before
    ends: str  # "18:00", or nothing where it goes on
    stripe: Stripe
    breaks: tuple[Stripe, ...]
    is_away: bool  # its owner is not there then
    is_offered: bool


@dataclass(frozen=True)
class Away:
    """Somebody's absence in a day. `kind` only for who may know."""

    absence: Absence
    kind: str
    is_asked_for: bool


@dataclass
class Cell:
    day: Day
    bars: list[Bar] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)


@dataclass
class Row:
    """A person in a team."""

    user: User
    team: Team
    cells: list[Cell]
    worked: timedelta = timedelta()
    is_reader: bool = False

    @property
    def hours(self) -> float:
        """Worked in this week, breaks left out."""
        return self.worked / timedelta(hours=1)


@dataclass
class Group:
    """A team with its people. The reader may change its rota, or only read it."""

    team: Team
    rows: list[Row]
    may_change: bool


@dataclass(frozen=True)
class Week:
    monday: date
    zone: ZoneInfo
    days: tuple[Day, ...]
    groups: tuple[Group, ...]

    @property
    def span(self) -> Interval:
        return Interval(self.days[0].span.start, self.days[-1].span.end)

    @property
    def key(self) -> str:
        """ "2026-W48", as addresses name it."""
        return week_key(self.monday)

    @property
    def before(self) -> str:
        return week_key(self.monday - timedelta(days=DAYS))

    @property
    def after(self) -> str:
        return week_key(self.monday + timedelta(days=DAYS))

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def last(self) -> date:
        return self.days[-1].on

    @property
    def by_day(self) -> list[tuple[Day, list[tuple[Row, Cell]]]]:
        """The days, each with whom it concerns, for a narrow page."""
        rows = [row for group in self.groups for row in group.rows]
        return [
            (day, [(row, row.cells[number]) for row in rows if row.cells[number].bars or row.cells[number].away])
            for number, day in enumerate(self.days)
        ]


def week_key(monday: date) -> str:
    year, week, _day = monday.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(text: str, *, today: date) -> date:
    """The Monday of "2026-W48" or of any date "2026-11-24"; of today's week where the text says none."""
    try:
        year, dash, week = text.partition("-W")
        on = date.fromisocalendar(int(year), int(week), 1) if dash else date.fromisoformat(text)
    except ValueError:
        on = today
    on = min(max(on, EARLIEST), LATEST)
    return on - timedelta(days=on.weekday())


def days_of(monday: date, zone: ZoneInfo, now: datetime) -> tuple[Day, ...]:
    """The seven days of a week in a zone."""
    today = now.astimezone(zone).date()
    dates = [monday + timedelta(days=number) for number in range(DAYS)]
    return tuple(
        Day(on, Interval(instant(zone, on, 0), instant(zone, on + timedelta(days=1), 0)), on == today) for on in dates
    )


def week_of(team: Team, monday: date, *, zone: ZoneInfo, reader: User, now: datetime) -> Week:
    """The week of a team the reader sees, and of those below it. Four queries, however many people there are."""
    days = days_of(monday, zone, now)
    since, until = days[0].span.start, days[-1].span.end
    teams = {each.pk: each for each in Team.objects.below([team.path]).order_by("path")}
    shifts = list(
        Shift.objects.standing()
        .meeting(since, until)
        .filter(team__in=teams)
        .select_related("user")
        .order_by("begins_at")
    )
    places = _places(teams, shifts)
    users = {user.pk for users in places.values() for user in users}
    absences: dict[int, list[Absence]] = {}
    for absence in Absence.objects.standing().meeting(since, until).filter(user__in=users).select_related("stand_in"):
        absences.setdefault(absence.user_id, []).append(absence)
    offered = set(SwapRequest.objects.going_on().filter(shift__in=shifts).values_list("shift_id", flat=True))
    theirs: dict[tuple[int, int], list[Shift]] = {}
    for shift in shifts:
        theirs.setdefault((shift.user_id, shift.team_id), []).append(shift)
    known = _Known(days, zone, theirs, absences, offered)
    groups = []
    for pk, people in places.items():
        leads = reader.holds(Role.LEAD, Role.ADMINISTRATOR, team_id=pk)
        rows = [_row(user, teams[pk], known, knows=leads or user == reader) for user in people]
        for row in rows:
            row.is_reader = row.user == reader
        groups.append(Group(teams[pk], rows, leads and teams[pk].retired_at is None))
    return Week(monday, zone, days, tuple(groups))


@dataclass(frozen=True)
class _Known:
    """What was asked of the database."""

    days: tuple[Day, ...]
    zone: ZoneInfo
    shifts: dict[tuple[int, int], list[Shift]]  # by person and team
    absences: dict[int, list[Absence]]  # by person
    offered: set[int]


def _places(teams: dict[int, Team], shifts: Iterable[Shift]) -> dict[int, list[User]]:
    """Who stands in which team's rota: its members but for administrators, and who has a shift in it."""
    found: dict[int, dict[int, User]] = {pk: {} for pk in teams}
    members = Membership.objects.filter(team__in=teams, user__is_active=True).exclude(role=Role.ADMINISTRATOR)
    for membership in members.select_related("user"):
        found[membership.team_id][membership.user_id] = membership.user
    for shift in shifts:
        found[shift.team_id].setdefault(shift.user_id, shift.user)
    return {
        pk: sorted(people.values(), key=lambda user: (user.name.casefold(), user.pk))
        for pk, people in found.items()
        if people
    }


def _row(user: User, team: Team, known: _Known, *, knows: bool) -> Row:
    """A person's week in a team. `knows`: why they are away."""
    theirs, absences = known.shifts.get((user.pk, team.pk), []), known.absences.get(user.pk, [])
    cells = [Cell(day) for day in known.days]
    for cell in cells:
        cell.bars = [_bar(shift, cell.day, known, absences) for shift in theirs if _meets(shift, cell.day)]
        cell.away = [
            Away(each, each.get_kind_display() if knows else "", each.state == Absence.State.REQUESTED)
            for each in absences
            if _meets(each, cell.day) and (knows or each.state == Absence.State.APPROVED)
        ]
    first, last = known.days[0].span.start, known.days[-1].span.end
    worked = [part for shift in theirs for part in shift.worked]
    return Row(user, team, cells, length(within(worked, Interval(first, last))))


def _bar(shift: Shift, day: Day, known: _Known, absences: Iterable[Absence]) -> Bar:
    start, end, zone = *day.span, known.zone
    return Bar(
        shift=shift,
        begins=_local(shift.begins_at, zone) if shift.begins_at >= start else "",
        ends=_local(shift.ends_at, zone) if shift.ends_at <= end else "",
        stripe=_stripe(day, shift.span),
        breaks=tuple(_stripe(day, pause) for pause in shift.pauses if pause.start < end and pause.end > start),
        is_away=any(
            away.state == Absence.State.APPROVED and away.begins_at < shift.ends_at and away.ends_at > shift.begins_at
            for away in absences
        ),
        is_offered=shift.pk in known.offered,
    )


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _stripe(day: Day, span: Interval) -> Stripe:
    first = day.minute(span.start)
    return Stripe(first, day.minute(span.end) - first)


def _meets(row: Shift | Absence, day: Day) -> bool:
    return row.begins_at < day.span.end and row.ends_at > day.span.start
