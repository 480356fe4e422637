"""The questions an author asks of everybody who reads a version."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.errors import Refused
from answerable.people.views.door import member_of_staff, posted, refusals_told, show
from answerable.policy.actions.questions import (
    Stale,
    add_question,
    change_question,
    check_may_write,
    is_frozen,
    remove_question,
)
from answerable.policy.forms.lessons import QuestionForm
from answerable.policy.models import Question, Version


@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, number: int) -> HttpResponse:
    """The questions of a version; a new one is posted here."""
    person = member_of_staff(request)
    check_may_write(person)
    version = get_object_or_404(Version, number=number)
    form = QuestionForm(posted(request))
    if form.is_valid():
        try:
            add_question(version, **form.said, by=person)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The question is added."))
            return redirect("policy_questions", number)
    return show(
        request,
        "policy/questions.html",
        form,
        version=version,
        questions=version.questions.all(),
        is_frozen=is_frozen(version),
    )


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question, to be changed."""
    person = member_of_staff(request)
    check_may_write(person)
    row = get_object_or_404(Question.objects.select_related("version"), pk=pk)
    form = QuestionForm(posted(request), question=row)
    if form.is_valid():
        try:
            change_question(row, revision=form.cleaned_data["revision"] or 0, by=person, **form.said)
        except Stale as stale:
            form = _again(request, stale)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("policy_questions", row.version.number)
    return show(request, "policy/question.html", form, question=row, version=row.version)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    person = member_of_staff(request)
    check_may_write(person)
    row = get_object_or_404(Question.objects.select_related("version"), pk=pk)
    with refusals_told(request):
        remove_question(row, by=person)
        messages.success(request, _("The question is removed."))
    return redirect("policy_questions", row.version.number)


def _again(request: HttpRequest, stale: Stale) -> QuestionForm:
    """What was typed, with what came in between; saved again, it replaces that."""
    typed = request.POST.copy()
    typed["revision"] = str(stale.question.revision)
    form = QuestionForm(typed)
    form.add_error(None, str(stale))
    return form
