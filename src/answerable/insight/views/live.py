"""The live board: at a desk, or on a wall (`?wall`)."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from answerable.insight.live.crew import crew_now
from answerable.insight.live.due import due_next
from answerable.insight.live.waiting import waiting_by_channel
from answerable.insight.today.board import Board
from answerable.insight.today.load import expected, waiting
from answerable.people.middleware import company_zone
from answerable.people.models import Role, Team, User
from answerable.people.views.door import member_of_staff
from answerable.people.views.rota.asking import chosen_team, teams_of

LEADS = (Role.LEAD, Role.ADMINISTRATOR)


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The whole board of a team (`?team=`) and those below it, for who leads it."""
    reader, teams, team = _asked(request)
    is_on_wall = "wall" in request.GET
    context = {
        "teams": teams,
        "is_on_wall": is_on_wall,
        "other_size": urlencode({"team": team.pk} | ({} if is_on_wall else {"wall": 1})),
    }
    template = "insight/live/wall.html" if is_on_wall else "insight/live/live.html"
    return render(request, template, context | _now(_bare(reader, team, teams)))


@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """What changes by the second. Ten queries, each by an index on what is open."""
    reader, teams, team = _asked(request)
    return render(request, "insight/live/now.html", _now(_bare(reader, team, teams)))


@require_GET
def hours(request: HttpRequest) -> HttpResponse:
    """What has come in each hour of today, beside the usual."""
    reader, teams, team = _asked(request)
    board = Board.of(reader, team, teams, now=timezone.now(), zone=company_zone())
    return render(request, "insight/live/hours.html", {"board": board, "expected": expected(board)})


def _asked(request: HttpRequest) -> tuple[User, list[Team], Team]:
    """Who asks, the teams they lead, and the one of them asked for. Raises PermissionDenied for who leads none, and
    Http404 for a team that is not there for them."""
    reader = member_of_staff(request)
    led = [team for team in teams_of(reader) if reader.holds(*LEADS, team_id=team.pk)]
    if not led:
        raise PermissionDenied
    team = chosen_team(request, reader, led)
    if team is None:
        raise Http404(_("You are in no team yet."))
    return reader, led, team


def _bare(reader: User, team: Team, teams: list[Team]) -> Board:
    """Without what only days are held against, so without a query."""
    below = tuple(each for each in teams if each.path.startswith(team.path))
    return Board(reader, team, below, timezone.now(), company_zone(), {}, (), None)


def _now(board: Board) -> dict[str, Any]:
    return {
        "board": board,
        "parts": waiting(board),
        "waiting": waiting_by_channel(board),
        "due": due_next(board),
        "crew": crew_now(board),
    }
