"""The policy's hours against the rota: what is promised to a team's customers, and when nobody is there to keep it.

A team is promised for by its inboxes: the hours of every standard that a plain message there would be answered under,
known by what is certain of it (channel, region and language of the inbox, the team, ordinary priority). A team is
covered by those on a shift in it or in a team above it who may answer (QA analysts only read), their breaks and
absences left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from answerable.core.calendar import Calendar, Interval, intervals
from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind
from answerable.core.rota import joined, uncovered, without
from answerable.desk.models import Inbox
from answerable.people.models import HANDLERS, Absence, Membership, Shift, Team
from answerable.policy.running import compiled, in_force_id


@dataclass(frozen=True)
class Cover:
    """A team's promised time in a frame, and the part of it in which nobody is on."""

    team: Team
    promised: Sequence[Interval]
    gaps: Sequence[Interval]


def cover_of(
    teams: Iterable[Team], frame: Interval, calendars: Mapping[int, Sequence[Calendar]] | None = None
) -> list[Cover]:
    """Of each team with an inbox of its own. Four queries, however many teams, two where their promised hours are known
    already; none is answered without a policy."""
    calendars = promised_hours(teams) if calendars is None else calendars
    if not calendars:
        return []
    places = {team.pk: team for team in teams if team.pk in calendars}
    present = _present(places.values(), frame)
    found = []
    for pk, team in places.items():
        promised = joined(span for calendar in calendars[pk] for span in intervals(calendar, *frame))
        on = [span for path in team.lineage for span in present.get(path, ())]
        found.append(Cover(team, promised, uncovered(promised, on)))
    return found


def promised_hours(teams: Iterable[Team]) -> Mapping[int, Sequence[Calendar]]:
    """The business hours promised by each team that has an inbox, by its number. Two queries."""
    version_id = in_force_id()
    if version_id is None:
        return {}
    policy, known = compiled(version_id), {team.pk: team for team in teams}
    found: dict[int, list[Calendar]] = {}
    for inbox in Inbox.objects.filter(team__in=known, retired_at=None):
        facts = Facts(
            channel=inbox.channel,
            priority="normal",
            region=inbox.region or None,
            language=inbox.language or None,
            team=known[inbox.team_id].key,
        )
        for kind in ClockKind:
            match = policy.standard_for(kind, facts)
            if match is not None and match.calendar not in found.setdefault(inbox.team_id, []):
                found[inbox.team_id].append(match.calendar)
    return {pk: calendars for pk, calendars in found.items() if calendars}


def worked(
    paths: Iterable[str], frame: Interval, *, above: Iterable[str] = ()
) -> Iterator[tuple[Shift, list[Interval]]]:
    """The shifts in teams of these paths that meet the frame, each with what of it is worked: breaks and approved
    absences left out. Only of those who may answer there, by a role in one of the teams or in one `above`. Two
    queries; the shifts' teams are loaded."""
    paths = set(paths)
    answering = Membership.objects.filter(user=OuterRef("user"), role__in=HANDLERS, team__path__in=paths | set(above))
    rows = Shift.objects.standing().meeting(*frame).filter(Exists(answering), team__path__in=paths)
    shifts = list(rows.filter(user__is_active=True).select_related("team"))
    away: dict[int, list[Interval]] = {}
    people = {shift.user_id for shift in shifts}
    for absence in Absence.objects.approved().meeting(*frame).filter(user__in=people):
        away.setdefault(absence.user_id, []).append(absence.span)
    for shift in shifts:
        yield shift, without(shift.worked, away.get(shift.user_id, ()))


def _present(teams: Iterable[Team], frame: Interval) -> Mapping[str, Sequence[Interval]]:
    """When somebody is on, by the path of the team they work in."""
    found: dict[str, list[Interval]] = {}
    for shift, stretches in worked({path for team in teams for path in team.lineage}, frame):
        found.setdefault(shift.team.path, []).extend(stretches)
    return found
