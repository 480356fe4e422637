"""Staffing: who is needed in each hour, who is rostered, and what that comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from answerable.insight.drawings import drawn
from answerable.insight.models import Forecast
from answerable.insight.staffing.assumed import taken_for
from answerable.insight.staffing.forms import PERCENT, AssumptionsForm, VolumesForm
from answerable.insight.staffing.planning import Plan, mondays, plan_of, served
from answerable.insight.staffing.promises import promises_of
from answerable.insight.staffing.result import Result
from answerable.insight.staffing.sample import sample
from answerable.insight.staffing.starting import ChangedMeanwhile, assume, begin, cancel
from answerable.insight.staffing.words import Shown, said_by
from answerable.insight.views.report import reader
from answerable.measure import charts
from answerable.measure.charts import Style
from answerable.people.middleware import company_zone
from answerable.people.models import Role, Team, User
from answerable.people.permissions import managed_by
from answerable.people.week import week_key
from answerable.web.words import reader_locale


@dataclass(frozen=True)
class Asked:
    """Who asks for which week of which team. `result` is that of the last forecast that was made."""

    reader: User
    teams: tuple[Team, ...]
    team: Team
    zone: ZoneInfo
    forecast: Forecast | None
    result: Result | None
    weeks: tuple[tuple[date, date], ...]
    week: tuple[date, date] | None

    def query(self, **changes: object) -> str:
        """The address of the same week and team, with something changed."""
        asked = {"team": self.team.pk, "week": self.rota_week} | changes
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def rota_week(self) -> str:
        """Of the shifts, as the rota's page names it."""
        return week_key(self.week[1]) if self.week else ""

    @property
    def address(self) -> str:
        return f"{reverse('staffing')}?{self.query()}"

    def plan(self) -> Plan | None:
        """None before there is a forecast."""
        if self.forecast is None or self.result is None or self.week is None:
            return None
        return plan_of(self.team, self.forecast, self.result, self.week, self.zone)


@require_GET
def staffing(request: HttpRequest) -> HttpResponse:
    """The week asked for, or how far the forecast is, or what is needed to make one."""
    return _page(request, asked(request))


@require_POST
def forecasts(request: HttpRequest) -> HttpResponse:
    """Begin one: of the desk's history, or of the file that was sent."""
    here = asked(request)
    if "file" not in request.FILES and request.POST.get("source") != "file":
        begin(team=here.team, by=here.reader)
        return redirect(here.address)
    form = VolumesForm(request.POST, request.FILES, zone=here.zone.key)
    if form.is_valid() and form.read is not None:
        begin(team=here.team, by=here.reader, file=form.read)
        return redirect(here.address)
    return _page(request, here, form, status=422)


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, asked every second; whoever waits is shown the week when it has ended."""
    found = get_object_or_404(Forecast.objects.visible_to(reader(request)).defer("volumes", "result"), pk=pk)
    if not found.goes_on:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "insight/staffing/progress.html", _progress(found))


@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop it."""
    user = reader(request)
    found = get_object_or_404(Forecast.objects.visible_to(user).select_related("team").defer("volumes"), pk=pk)
    cancel(found, by=user)
    return redirect(f"{reverse('staffing')}?{urlencode({'team': found.team_id})}")


@require_GET
def drawings(request: HttpRequest) -> HttpResponse:
    """The week's charts, drawn or from the cache."""
    here = asked(request)
    plan = here.plan()
    if plan is None or here.result is None:
        return HttpResponse()
    style = Style(words=gettext, locale=str(reader_locale()), ngettext=ngettext)
    wanted = [
        charts.heads(plan.week.required, plan.week.rostered, plan.rota_monday, style),
        charts.missing(plan.week.required, plan.week.rostered, style),
        charts.ahead(here.result.last, _summed(here.result, "past"), *_ahead(here.result), style),
    ]
    return render(request, "insight/charts.html", {"charts": drawn(wanted)})


@require_http_methods(["GET", "POST"])
def assumptions(request: HttpRequest) -> HttpResponse:
    """What nobody can measure, said for a team."""
    here = asked(request)
    data = request.POST if request.method == "POST" else None
    form = _assumptions_form(here, data)
    context: dict[str, object] = {"asked": here, "taken": form.taken, "form": form}
    status = 200
    if data is not None and form.is_valid():
        try:
            _assume(here, form)
            return redirect(here.address)
        except ChangedMeanwhile as error:
            again = _assumptions_form(here, {**data.dict(), "revision": error.row.revision})
            context |= {"form": again, "meanwhile": error.row, "differing": again.differing(), "taken": again.taken}
            status = 409
    elif form.errors:
        status = 422
    return render(request, "insight/staffing/assumptions.html", context, status=status)


@require_GET
def sample_volumes(request: HttpRequest) -> HttpResponse:
    """A file to fill in: two weeks of half hours."""
    headers = {"Content-Disposition": 'attachment; filename="volumes.csv"'}
    return HttpResponse(sample(), content_type="text/csv; charset=utf-8", headers=headers)


def asked(request: HttpRequest) -> Asked:
    """Raises PermissionDenied for those who lead nobody, Http404 for a team that is not there for the reader."""
    user = reader(request)
    if not user.holds(Role.ADMINISTRATOR, Role.LEAD):
        raise PermissionDenied(_("Leads and administrators plan how many people are needed."))
    teams = sorted(managed_by(user), key=lambda team: team.path)
    team = _chosen(request.GET.get("team", ""), teams)
    zone = company_zone()
    forecast = (
        Forecast.objects.filter(team=team, state=Forecast.State.DONE).select_related("by").defer("volumes").first()
    )
    result = Result.read(forecast.result) if forecast and forecast.result else None
    weeks = tuple(mondays(result, timezone.localdate(timezone=zone))) if result else ()
    wanted = request.GET.get("week", "")
    week = next((each for each in weeks if week_key(each[1]) == wanted), weeks[0] if weeks else None)
    return Asked(user, tuple(teams), team, zone, forecast, result, weeks, week)


def _chosen(wanted: str, teams: list[Team]) -> Team:
    """The team asked for; else the one of the newest forecast, else the highest."""
    if not wanted and teams:
        newest = Forecast.objects.filter(team__in=teams).values_list("team_id", flat=True).first()
        return next((team for team in teams if team.pk == newest), teams[0])
    found = next((team for team in teams if str(team.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, here: Asked, form: VolumesForm | None = None, status: int = 200) -> HttpResponse:
    newest = Forecast.objects.filter(team=here.team).select_related("by").defer("volumes", "result").first()
    plan = here.plan()
    context: dict[str, object] = {
        "asked": here,
        "weeks": [(week_key(rota), rota) for _monday, rota in here.weeks],
        "plan": plan,
        "shown": Shown(plan) if plan else None,
        "form": form or VolumesForm(zone=here.zone.key),
    }
    if newest is not None and newest.goes_on:
        context |= _progress(newest)
    elif newest is not None and newest.state == Forecast.State.FAILED and newest.error:
        context["failed"] = said_by(newest.error)
    return render(request, "insight/staffing/staffing.html", context, status=status)


def _progress(found: Forecast) -> dict[str, object]:
    return {"going_on": found, "percent": round(100 * found.progress)}


def _assumptions_form(here: Asked, data: Mapping[str, object] | None) -> AssumptionsForm:
    keys = served(here.result.channels) if here.result else ["phone", "chat", "email"]
    promises = promises_of(here.team, keys)
    return AssumptionsForm(data, channels=keys, promises=promises, taken=taken_for(here.team), result=here.result)


def _assume(here: Asked, form: AssumptionsForm) -> None:
    given = form.cleaned_data
    assume(
        team=here.team,
        shrinkage=given["shrinkage"] / PERCENT,
        occupancy=given["occupancy"] / PERCENT,
        channels=form.assumed(),
        revision=given["revision"],
        by=here.reader,
    )


def _summed(result: Result, name: str) -> list[float]:
    """The days of all channels together; of the past, as they end on the same day."""
    several: list[list[float]] = [getattr(channel, name) for channel in result.channels.values()]
    if name == "past":
        longest = max(len(each) for each in several)
        several = [[0.0] * (longest - len(each)) + each for each in several]
    return [sum(each) for each in zip(*several, strict=True)]


def _ahead(result: Result) -> tuple[list[float], list[float], list[float]]:
    """Mean, low and high of all channels together: their deviations are taken for independent, and squared."""
    expected = _summed(result, "expected")
    low, high = (
        [
            sum((channel.expected[day] - getattr(channel, name)[day]) ** 2 for channel in result.channels.values())
            ** 0.5
            for day in range(len(expected))
        ]
        for name in ("low", "high")
    )
    return (
        expected,
        [max(0.0, mean - off) for mean, off in zip(expected, low, strict=True)],
        [mean + off for mean, off in zip(expected, high, strict=True)],
    )
