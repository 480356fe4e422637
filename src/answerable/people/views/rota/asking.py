"""What the pages of the rota are asked for: a team, a week, a time zone."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from answerable.people.forms.shifts import zone_choices
from answerable.people.middleware import company_zone
from answerable.people.models import Team, User
from answerable.people.models.user import UserQuerySet
from answerable.people.permissions import managed_by
from answerable.people.views.door import member_of_staff
from answerable.people.week import monday_of, week_key


@dataclass(frozen=True)
class Asked:
    """Who asks for which week of which team, in whose time."""

    reader: User
    teams: tuple[Team, ...]  # to choose from
    team: Team | None
    monday: date
    zone: ZoneInfo
    company_zone: ZoneInfo

    @property
    def by_company(self) -> bool:
        return self.zone.key == self.company_zone.key

    @property
    def others(self) -> bool:
        """Whether the company's clock shows another time than the reader's."""
        return self.company_zone.key != self.reader.time_zone

    @property
    def week(self) -> str:
        return week_key(self.monday)

    def query(self, **changes: Any) -> str:
        """The address of the same page with something changed."""
        asked = {"team": self.team.pk if self.team else None, "week": self.week}
        asked["zone"] = "company" if self.others and self.by_company else None
        return urlencode({name: value for name, value in (asked | changes).items() if value is not None})

    @property
    def address(self) -> str:
        return f"{reverse('rota')}?{self.query()}"


def asked(request: HttpRequest) -> Asked:
    """Raises Http404 for a team that is not there for the reader."""
    reader = member_of_staff(request)
    teams = teams_of(reader)
    company = company_zone()
    zone = company if request.GET.get("zone") == "company" else ZoneInfo(reader.time_zone)
    monday = monday_of(request.GET.get("week") or "", today=timezone.now().astimezone(zone).date())
    return Asked(reader, tuple(teams), _chosen(request, reader, teams), monday, zone, company)


def teams_of(reader: User) -> list[Team]:
    """The teams in use that somebody may choose from, each below its parent. One query."""
    return sorted(Team.objects.visible_to(reader).filter(retired_at=None), key=lambda team: team.path)


def chosen_team(request: HttpRequest, reader: User, teams: list[Team] | None = None) -> Team | None:
    """The team that a page is asked for (`?team=`). Raises Http404 for one that is not there for the reader."""
    return _chosen(request, reader, teams_of(reader) if teams is None else teams)


def _chosen(request: HttpRequest, reader: User, teams: list[Team]) -> Team | None:
    """The team asked for; else the one the reader is a member of, of several the highest."""
    wanted = request.GET.get("team")
    if wanted:
        found = next((team for team in teams if str(team.pk) == wanted), None)
        if found is None:
            raise Http404
        return found
    own = set(reader.memberships.values_list("team_id", flat=True))
    return next((team for team in teams if team.pk in own), next(iter(teams), None))


def back(request: HttpRequest, *, week: date | None = None) -> HttpResponse:
    """To the week one came from, or to that of a date."""
    here = asked(request)
    changes = {"week": week_key(week - timedelta(days=week.weekday()))} if week else {}
    return redirect(f"{reverse('rota')}?{here.query(**changes)}")


def workers(reader: User) -> UserQuerySet:
    """Who may be put into the rotas that somebody makes."""
    paths = {path for team in managed_by(reader) for path in team.lineage}
    people: UserQuerySet = User.objects.active().filter(memberships__team__path__in=paths)
    return people.distinct().order_by("name", "id")


def zones(reader: User, *more: str) -> list[tuple[str, str]]:
    """The reader's time zone, the company's, and those of whom it is about."""
    return zone_choices(*more, reader.time_zone, company_zone().key)
