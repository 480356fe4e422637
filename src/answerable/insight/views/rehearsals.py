"""Rehearsals: those there are, one as it goes on, and what came of it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from answerable.insight.drawings import drawn
from answerable.insight.models import Rehearsal, may_rehearse
from answerable.insight.rehearsing.forms import RehearsalForm
from answerable.insight.rehearsing.starting import begin, cancel
from answerable.insight.rehearsing.words import STAGES, Shown
from answerable.insight.views.report import reader
from answerable.measure import charts
from answerable.measure.charts import Style
from answerable.people.middleware import company_zone
from answerable.people.models import Team, User
from answerable.policy.models import Version
from answerable.web.words import reader_locale

LISTED = 50


@require_http_methods(["GET", "POST"])
def rehearsals(request: HttpRequest) -> HttpResponse:
    """Those the reader may see, and the form to begin another."""
    user = reader(request)
    today = timezone.localdate(timezone=company_zone())
    if request.method == "POST":
        if not may_rehearse(user):
            raise PermissionDenied(_("Leads and administrators rehearse the policy."))
        form = RehearsalForm(request.POST, request.FILES, today=today)
        if form.is_valid() and form.on is not None:
            begun = begin(draft=form.cleaned_data["draft"], against=form.cleaned_data["against"], on=form.on, by=user)
            return redirect("policy_rehearsal", begun.pk)
    else:
        form = RehearsalForm(today=today, initial=_initial(request))
    context = {
        "form": form if may_rehearse(user) else None,
        "rehearsals": Rehearsal.objects.visible_to(user)
        .select_related("by")
        .defer("result", "upload", "draft_document", "against_document")[:LISTED],
        "has_versions": Version.objects.exclude(state=Version.State.DISCARDED).count() > 1,
    }
    return render(request, "insight/rehearsals/rehearsals.html", context, status=422 if form.errors else 200)


@require_GET
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """One: how far it is, why it failed, or the comparison."""
    user = reader(request)
    found = _visible(user, pk)
    context = _progress(found)
    if found.state == Rehearsal.State.DONE:
        context |= {"shown": Shown(found, user), "teams": Team.objects.filter(pk__in=found.teams)}
    return render(request, "insight/rehearsals/rehearsal.html", context)


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, asked every second; whoever waits is shown the result when it has ended."""
    found = _visible(reader(request), pk)
    if not found.goes_on:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "insight/rehearsals/progress.html", _progress(found))


@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop it."""
    user = reader(request)
    cancel(_visible(user, pk), by=user)
    return redirect("policy_rehearsal", pk)


@require_GET
def drawing(request: HttpRequest, pk: int) -> HttpResponse:
    """Escalations a day, drawn or from the cache."""
    found = _visible(reader(request), pk)
    if found.state != Rehearsal.State.DONE or found.result is None:
        return HttpResponse(status=404)
    style = Style(words=gettext, locale=str(reader_locale()))
    first = date.fromisoformat(found.result["first_day"])
    chart = charts.escalations(first, found.result["now"]["by_day"], found.result["draft"]["by_day"], style)
    return render(request, "insight/charts.html", {"charts": drawn([chart])})


def _progress(found: Rehearsal) -> dict[str, object]:
    return {"rehearsal": found, "stage": STAGES.get(found.stage, ""), "percent": round(100 * found.progress)}


def _visible(user: User, pk: int) -> Rehearsal:
    return get_object_or_404(Rehearsal.objects.visible_to(user).select_related("by").defer("upload"), pk=pk)


def _initial(request: HttpRequest) -> dict[str, object]:
    """The draft asked for, or the newest; beside the version in force."""
    versions = Version.objects.exclude(state=Version.State.DISCARDED).order_by("-number")
    in_force = versions.filter(state=Version.State.IN_FORCE).first()
    number = request.GET.get("draft", "")
    asked = versions.filter(number=number).first() if number.isdecimal() and len(number) < 10 else None
    others = versions.exclude(pk=in_force.pk) if in_force else versions
    return {"draft": asked or others.order_by("-number").first(), "against": in_force}
