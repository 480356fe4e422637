"""What is being typed into an article, kept as it is typed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from answerable.knowledge.actions.drafts import discard_draft, keep_draft, take_draft_back
from answerable.knowledge.forms import DraftForm
from answerable.knowledge.models import Article
from answerable.knowledge.views.articles import visible_article
from answerable.knowledge.views.door import language_name, writer
from answerable.people.models import User
from answerable.web.drafts import Elsewhere, not_kept, saved_now


@require_POST
def draft(request: HttpRequest, pk: int | None = None, language: str = "") -> HttpResponse:
    """Keep what is typed: 422 for what is too long, 409 where it went on elsewhere."""
    person, found = _whose(request, pk, language)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    try:
        _keep(form, person, found, language)
    except Elsewhere as other:
        return not_kept(other.text, other.html)
    return saved_now()


@require_POST
def removal(request: HttpRequest, pk: int | None = None, language: str = "") -> HttpResponse:
    """What was typed is not wanted, which can be undone."""
    person, found = _whose(request, pk, language)
    discard_draft(person, found, language)
    undo = (
        reverse("knowledge_draft_recovery", args=[pk, language]) if found else reverse("knowledge_new_draft_recovery")
    )
    messages.success(request, _("What you wrote is discarded."), extra_tags=undo)
    return redirect(f"{reverse('knowledge_article', args=[pk])}?language={language}" if found else "knowledge")


@require_POST
def recovery(request: HttpRequest, pk: int | None = None, language: str = "") -> HttpResponse:
    """It is wanted after all."""
    person, found = _whose(request, pk, language)
    take_draft_back(person, found, language)
    there = reverse("knowledge_wording", args=[pk, language]) if found else reverse("knowledge_new")
    return HttpResponse(status=204, headers={"HX-Redirect": there})


def keep_refused(data: Mapping[str, Any], person: User, article: Article | None = None, language: str = "") -> bool:
    """What could not be saved is a draft still. Whether it could be kept."""
    form = DraftForm(data)
    if not form.is_valid():
        return False
    try:
        _keep(form, person, article, language)
    except Elsewhere:
        return False
    return True


def _keep(form: DraftForm, person: User, article: Article | None, language: str) -> None:
    placed, seen = form.placed if article is None else {}, form.cleaned_data["seen"]
    keep_draft(article, language=language, wording=form.wording, seen=seen, placed=placed, page=form.page, by=person)


def _whose(request: HttpRequest, pk: int | None, language: str) -> tuple[User, Article | None]:
    """The writer, and the article: none for a new one.

    Raises Http404 for one that is not there, and for a language that we don't speak.
    """
    person = writer(request)
    if pk is None:
        return person, None
    language_name(language)
    return person, visible_article(person, pk)
