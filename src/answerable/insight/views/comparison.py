"""Compare: each objective's figure beside those that competitors and industries have published."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from answerable.insight.asking import ask
from answerable.insight.cards import Words
from answerable.insight.comparison import Comparing, changes_since
from answerable.insight.question import Question
from answerable.insight.targets import targets_in_force
from answerable.insight.views.evidence import USUAL, SinceForm, part_of_a_page
from answerable.insight.views.report import reader
from answerable.people.middleware import company_zone
from answerable.policy.models import PublishedFigure, Scope, Version
from answerable.policy.names import KPIS
from answerable.policy.running import compiled


@require_GET
def comparison(request: HttpRequest) -> HttpResponse:
    """Each objective, and what changed among published figures since a day (`?since=`); the figures follow."""
    user = reader(request)
    form = SinceForm(request.GET)
    since = form.cleaned_data["since"] if form.is_valid() else None
    version = Version.objects.filter(state=Version.State.IN_FORCE).defer("document").first()
    objectives = list(compiled(version.pk).objectives.values()) if version else []
    figures = list(PublishedFigure.objects.current())
    kpis = {each.kpi for each in objectives}
    context = {
        "version": version,
        "objectives": [(each, str(KPIS.get(each.kpi, each.kpi))) for each in objectives],
        "figures": figures,
        "elsewhere": [each for each in figures if each.kpi not in kpis],
        "scopes": Scope.objects.all(),
        "since": since,
        "since_error": "since" in form.errors,
        "changes": changes_since(since) if since else None,
        "may_change": user.is_administrator,
    }
    return render(request, "insight/comparison.html", context)


@part_of_a_page
def compared(request: HttpRequest) -> HttpResponse:
    """Our figures of the last 90 days beside the published ones, each objective for its place on the page."""
    user = reader(request)
    question, targets = Question.of(USUAL, user), targets_in_force()
    version = Version.objects.filter(state=Version.State.IN_FORCE).defer("document").first()
    if version is None:
        return HttpResponse()
    report = ask(question.report(targets)).report
    words = Words(question, report, targets)
    comparing = Comparing(
        report, words, Scope.objects.values_list("name", flat=True), timezone.localdate(timezone=company_zone())
    )
    policy, figures = compiled(version.pk), list(PublishedFigure.objects.current())
    context = {
        "question": question,
        "compared": [comparing.objective(policy, each, figures) for each in policy.objectives.values()],
        "may_change": user.is_administrator,
    }
    return render(request, "insight/compared.html", context)
