"""Articles being written, and what they have said before."""

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.knowledge.actions import Stale, begin_article, take_back, write, write_section
from answerable.knowledge.actions.drafts import draft_of, forget_draft, last_begun
from answerable.knowledge.actions.writing import latest_version
from answerable.knowledge.differences import difference
from answerable.knowledge.forms import NewArticleForm, WordingForm
from answerable.knowledge.models import Article, Section, Version
from answerable.knowledge.permissions import may_publish
from answerable.knowledge.reading import WORDS
from answerable.knowledge.views.articles import visible_article
from answerable.knowledge.views.door import language_name, writer
from answerable.knowledge.views.drafts import keep_refused
from answerable.people.errors import Refused
from answerable.people.models import Company, User
from answerable.people.views.door import posted, show
from answerable.web.drafts import version_of
from answerable.web.pager import keyset

VERSIONS_AT_ONCE = 20
LONGEST_NUMBER = 9


@require_http_methods(["GET", "HEAD", "POST"])
def new_article(request: HttpRequest) -> HttpResponse:
    """The first words of one; those that were typed and not saved stand there again."""
    person = writer(request)
    company = Company.objects.first()
    draft = draft_of(person)
    initial = {"language": company.language if company else person.language, **(draft.fields if draft else {})}
    initial["seen"] = last_begun(person)
    form = NewArticleForm(posted(request), sections=Section.objects.current(), initial=initial)
    if form.is_valid():
        try:
            begun = _begun(form, person)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved as a draft."))
            return redirect("knowledge_article", begun.pk)
    is_kept = keep_refused(request.POST, person) if form.is_bound else draft is not None
    known = version_of(draft_of(person) if form.is_bound else draft)
    return show(request, "knowledge/new_article.html", form, is_kept=is_kept, known=known)


def _begun(form: NewArticleForm, person: User) -> Article:
    given = form.cleaned_data
    section = given.get("section") or write_section(None, name=given["first_section"], names={}, by=person)
    placed = {"section": section, "audience": given["audience"], "language": given["language"]}
    with transaction.atomic():
        begun = begin_article(**placed, wording=form.wording, by=person)
        forget_draft(person)
    return begun


@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """What an article says in one language, to be changed; or to be translated into it.

    What they typed and did not save stands there again. What somebody else has saved meanwhile is shown, and nothing
    is saved before the writer has seen it.
    """
    person = writer(request)
    found = visible_article(person, pk)
    named = language_name(language)
    latest = latest_version(found, language)
    draft = draft_of(person, found, language)
    form = WordingForm(posted(request), version=latest, initial=draft.fields if draft else {})
    stale: Stale | None = None
    if form.is_valid():
        try:
            version = _written(form, found, language, person)
        except Stale as error:
            stale = error
            shown = request.POST.copy()
            shown["seen"] = str(error.latest.number)
            form = WordingForm(shown, version=latest)
        else:
            return _saved(request, found, language, version)
    is_kept = keep_refused(form.data, person, found, language) if form.is_bound else draft is not None
    original = None if latest else latest_version(found, found.language)
    context = {
        "form": form,
        "is_kept": is_kept,
        "known": version_of(draft_of(person, found, language) if form.is_bound else draft),
        "article": found,
        "language": language,
        "language_name": named,
        "latest": latest,
        "original": original,
        "stale": stale,
        "since": difference(stale.seen, stale.latest) if stale else None,
    }
    return render(request, "knowledge/wording.html", context, status=409 if stale else 422 if form.errors else 200)


def _written(form: WordingForm, found: Article, language: str, person: User) -> Version:
    with transaction.atomic():
        version = write(found, language=language, wording=form.wording, seen=form.cleaned_data["seen"], by=person)
        forget_draft(person, found, language)
    return version


def _saved(request: HttpRequest, found: Article, language: str, version: Version) -> HttpResponse:
    shown = found.is_published and any(
        row.language == language and row.published_id is not None for row in found.translations.all()
    )
    said = _("Saved. Readers see it once it is published.") if shown else _("Saved as a draft.")
    messages.success(request, said)
    return redirect(f"{reverse('knowledge_article', args=[found.pk])}?language={language}")


@require_safe
def versions(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Every wording there has been in a language; what one (`version`) says otherwise than another (`before`).

    Unless they are named: what the latest changed.
    """
    person = writer(request)
    found = visible_article(person, pk)
    named = language_name(language)
    rows = Version.objects.filter(translation__article=found, translation__language=language)
    rows = rows.select_related("by", "translation").defer(*WORDS)
    latest = rows.order_by("-number").first()
    if latest is None:
        raise Http404
    light = rows.defer(*WORDS, "html", "text")
    page = keyset(light, column="number", cursor=request.GET.get("cursor"), size=VERSIONS_AT_ONCE)
    after = _numbered(request.GET.get("version"), rows) or latest
    before = _numbered(request.GET.get("before"), rows) or rows.filter(number__lt=after.number).first()
    context = {
        "article": found,
        "language": language,
        "language_name": named,
        "page": page,
        "latest": latest,
        "before": before,
        "after": after,
        "difference": difference(before, after),
        "may_publish": may_publish(person),
    }
    return render(request, "knowledge/versions.html", context)


def _numbered(asked: str | None, rows: QuerySet[Version]) -> Version | None:
    """The version of a number; none where none is asked for."""
    if not asked:
        return None
    is_number = asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_NUMBER
    return get_object_or_404(rows, number=int(asked) if is_number else 0)


@require_POST
def restoration(request: HttpRequest, pk: int, language: str, number: int) -> HttpResponse:
    """An earlier wording again."""
    person = writer(request)
    found = visible_article(person, pk)
    rows = Version.objects.filter(translation__article=found, translation__language=language)
    take_back(get_object_or_404(rows.select_related("translation"), number=number), by=person)
    said = _("Version %(number)s stands there again, as the latest. Readers see it once it is published.")
    messages.success(request, said % {"number": number})
    return redirect(f"{reverse('knowledge_article', args=[pk])}?language={language}")
