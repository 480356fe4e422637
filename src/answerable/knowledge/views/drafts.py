"""What is being typed into an article, kept as it is typed."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from answerable.knowledge.actions.drafts import discard_draft, keep_draft
from answerable.knowledge.forms import DraftForm
from answerable.knowledge.models import Article
from answerable.knowledge.views.articles import visible_article
from answerable.knowledge.views.door import language_name, writer
from answerable.people.models import User
from answerable.web.drafts import saved_now


@require_POST
def draft(request: HttpRequest, pk: int | None = None, language: str = "") -> HttpResponse:
    """Keep what is typed: 422 for what is too long, 409 where it can't be kept."""
    person = writer(request)
    found = _article(person, pk, language)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    return saved_now() if _kept(form, person, found, language) else HttpResponse(status=409)


@require_POST
def removal(request: HttpRequest, pk: int | None = None, language: str = "") -> HttpResponse:
    """What was typed is not wanted."""
    person = writer(request)
    found = _article(person, pk, language)
    discard_draft(person, found, language)
    if found is None:
        return redirect("knowledge")
    return redirect(f"{reverse('knowledge_article', args=[pk])}?language={language}")


def keep_refused(data: Mapping[str, Any], person: User, article: Article | None = None, language: str = "") -> bool:
    """What could not be saved is a draft still. Whether it could be kept."""
    form = DraftForm(data)
    return form.is_valid() and _kept(form, person, article, language)


def _kept(form: DraftForm, person: User, article: Article | None, language: str) -> bool:
    placed = form.placed if article is None else {}
    seen = form.cleaned_data["seen"]
    return keep_draft(article, language=language, wording=form.wording, seen=seen, placed=placed, by=person)


def _article(person: User, pk: int | None, language: str) -> Article | None:
    """None for a new one. Raises Http404 for one that is not there, and for a language that we don't speak."""
    if pk is None:
        return None
    language_name(language)
    return visible_article(person, pk)
