"""Dry runs, beside the rule that is being written: begun with what the form holds, and looked at as they go."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from answerable.core.rules.step import steps_of
from answerable.desk.errors import Refused
from answerable.desk.forms.rules import RuleForm
from answerable.desk.jobs import try_out
from answerable.desk.models import DryRun, Rule
from answerable.desk.rules.trying import ask_for
from answerable.desk.steps.names import Named
from answerable.desk.steps.words import step_words
from answerable.people.views.door import administrator
from answerable.web.numbers import key_in


@require_POST
def new_dry_run(request: HttpRequest) -> HttpResponse:
    """Try what the form says."""
    person = administrator(request)
    form = RuleForm(request.POST, content={})
    rule = Rule.objects.current().filter(pk=key_in(request.GET.get("rule", "")) or 0).first()
    if not form.is_valid():
        text = _("Something is missing yet: save the rule to see what.")
        return render(request, "desk/rules/dry_run_refused.html", {"text": text})
    try:
        row, goes_on = ask_for(form.content, rule=rule, by=person)
    except Refused as refusal:
        return render(request, "desk/rules/dry_run_refused.html", {"text": str(refusal)})
    if goes_on:
        try_out.later(dry_run=row.pk)
    return _show(request, row)


@require_safe
def dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    """One of one's own, as it stands."""
    return _show(request, get_object_or_404(DryRun, pk=pk, by=administrator(request)))


def _show(request: HttpRequest, row: DryRun) -> HttpResponse:
    named, result = Named(), row.result
    words = [step_words(step, named) for step in steps_of(row.content["steps"])]
    shown = [
        {**each, "at": datetime.fromisoformat(each["at"]), "did": [words[number] for number in each["steps"]]}
        for each in result.get("shown", ())
    ]
    back_to = result.get("back_to")
    context = {
        "run": row,
        "steps": list(zip(words, result.get("steps", ()), strict=False)),
        "shown": shown,
        "back_to": datetime.fromisoformat(back_to) if back_to else None,
    }
    template = "desk/rules/dry_run.html" if request.headers.get("HX-Request") else "desk/rules/dry_run_page.html"
    return render(request, template, context)
