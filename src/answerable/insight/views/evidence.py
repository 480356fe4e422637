"""What became of the policy, as parts of its pages: promises with their compliance, objectives with their figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from answerable.core.policy import Objective, Policy
from answerable.insight.asking import EngineError
from answerable.insight.comparison import changes_since
from answerable.insight.forms import EARLIEST, LONGEST_DAYS
from answerable.insight.measured import PromiseMeasure, measured
from answerable.insight.objectives import evidence_of
from answerable.insight.question import Question, Unclear
from answerable.insight.questions import Refused
from answerable.insight.views.report import reader
from answerable.people.middleware import company_zone
from answerable.policy.models import Version
from answerable.policy.running import compiled

USUAL = {"period": "90"}
View = Callable[..., HttpResponse]


class SinceForm(forms.Form):
    """From which day on; a day to come is today, and one long ago the earliest that a report covers."""

    since = forms.DateField(required=False)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def query(self) -> dict[str, str]:
        """The days as a report is asked for them."""
        since: date | None = self.cleaned_data.get("since")
        if since is None:
            return USUAL
        today = timezone.localdate(timezone=company_zone())
        first = min(max(since, EARLIEST, today - timedelta(days=LONGEST_DAYS - 1)), today)
        return {"first": first.isoformat(), "last": today.isoformat()}


def part_of_a_page(view: View) -> View:
    """What cannot be computed is said in its place; the page around it stands."""

    @wraps(view)
    def part(request: HttpRequest, **kwargs: object) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except Unclear as unclear:
            return render(request, "insight/unclear.html", {"problems": unclear.problems}, status=422)
        except (EngineError, Refused) as error:
            return render(request, "insight/not_measured.html", {"why": error})

    return require_GET(part)


@part_of_a_page
def promises(request: HttpRequest) -> HttpResponse:
    """Every promise of a version (`?version=NUMBER`, else the one in force), each for its place on the page."""
    form, question = _asked(request)
    version = _version(form)
    standards = compiled(version.pk).standards.values()
    found = measured(question, version, standards)
    return render(request, "insight/promises.html", _context(question, found) | {"version": version})


@part_of_a_page
def promise(request: HttpRequest, key: str) -> HttpResponse:
    """One promise alone."""
    form, question = _asked(request)
    version = _version(form)
    standard = compiled(version.pk).standards.get(key)
    if standard is None:
        raise Http404
    [found] = measured(question, version, [standard])
    return render(request, "insight/promise.html", _context(question, []) | {"measure": found})


@part_of_a_page
def objective(request: HttpRequest, key: str) -> HttpResponse:
    """An objective's figure, its promises and what escalated, `?since=` a day (else of 90 days)."""
    form, question = _asked(request)
    version, found = _objective(form, key)
    evidence = evidence_of(question, version, found)
    since = form.cleaned_data["since"]
    context: dict[str, object] = {
        "evidence": evidence,
        "since": since,
        "changes": changes_since(since, str(found.kpi)) if since else [],
    }
    return render(request, "insight/objective.html", _context(question, evidence.promises) | context)


def _asked(request: HttpRequest) -> tuple[SinceForm, Question]:
    """Raises Unclear where a day or number is none."""
    form = SinceForm(request.GET)
    if not form.is_valid():
        raise Unclear(form)
    return form, Question.of(form.query(), reader(request))


def _version(form: SinceForm) -> Version:
    number = form.cleaned_data["version"]
    wanted = {"number": number} if number else {"state": Version.State.IN_FORCE}
    return get_object_or_404(Version.objects.that_ran().defer("document"), **wanted)


def _objective(form: SinceForm, key: str) -> tuple[Version, Objective]:
    version = _version(form)
    policy: Policy = compiled(version.pk)
    if key not in policy.objectives:
        raise Http404
    return version, policy.objectives[key]


def _context(question: Question, measures: list[PromiseMeasure]) -> dict[str, object]:
    return {"question": question, "measures": measures}
