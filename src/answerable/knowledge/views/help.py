"""The help centre, for customers. Nobody signs in, no script is needed; only what is published for them is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, F, Prefetch, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from answerable.knowledge.actions import judge
from answerable.knowledge.find import LONGEST, fitting
from answerable.knowledge.forms import JudgementForm
from answerable.knowledge.models import Article, Judgement, Section, Translation
from answerable.knowledge.offers import offered
from answerable.knowledge.readers import reader_of, remember
from answerable.knowledge.reading import WORDS, in_words_of, titled
from answerable.web.languages import chosen_language
from answerable.web.pager import keyset

SHOWN_OF_EACH = 5
"""Articles of a section on the first page; the others are a click away."""
FOUND_AT_ONCE = 20
MOST_SECTIONS = 50


def for_anybody(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """In the language the reader has chosen, which the view is handed."""

    @wraps(view)
    def open_to_all(request: HttpRequest, /, **kwargs: Any) -> HttpResponse:
        language = chosen_language(request)
        with translation.override(language):
            response = view(request, language, **kwargs)
        response.headers["Content-Language"] = language
        return response

    return login_not_required(never_cache(open_to_all))


@require_safe
@for_anybody
def help_centre(request: HttpRequest, language: str) -> HttpResponse:
    """The sections with what helped most in each; or, asked for words (`q`), what fits them."""
    asked = request.GET.get("q", "").strip().replace("\x00", "")[:LONGEST]
    context: dict[str, object] = {"language": language, "asked": asked, "write_url": _where_to_write(language)}
    if asked:
        found = fitting(asked, language=language, limit=FOUND_AT_ONCE)
        return render(request, "knowledge/help/found.html", {**context, "found": found})
    rows = Article.objects.for_customers().annotate(
        place=Window(RowNumber(), partition_by=F("section"), order_by=[F("helped").desc(), F("id").asc()]),
        of=Window(Count("pk"), partition_by=F("section")),
    )
    shown: dict[Section, list[tuple[Article, Translation]]] = {}
    for row in titled(rows.filter(place__lte=SHOWN_OF_EACH).order_by("section__place", "section_id", "place")):
        if (words := in_words_of(row, language)) is not None and (row.section in shown or len(shown) < MOST_SECTIONS):
            shown.setdefault(row.section, []).append((row, words))
    return render(request, "knowledge/help/centre.html", {**context, "sections": list(shown.items())})


@require_safe
@for_anybody
def help_section(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """All articles of one that has any for customers."""
    section = get_object_or_404(Section, pk=pk)
    rows = Article.objects.for_customers().filter(section=section)
    page = keyset(titled(rows), column="published_at", cursor=request.GET.get("cursor"))
    shown = [(row, words) for row in page.rows if (words := in_words_of(row, language)) is not None]
    if not shown:
        raise Http404  # not even its name is said
    context = {"language": language, "section": section, "page": page, "shown": shown}
    return render(request, "knowledge/help/section.html", context)


@require_safe
@for_anybody
def help_article(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """One, in the reader's language, else in another, which is said."""
    return _article_page(request, language, _article(pk))


@require_POST
@for_anybody
def judgement(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """Whether it helped: each reader once, and as they said last."""
    article = _article(pk)
    form = JudgementForm(request.POST)
    if not form.is_valid():
        return _article_page(request, language, article, 422)
    if not ratelimit.consume(request, action="judgement"):
        return _article_page(request, language, article, 429)
    reader = reader_of(request) or uuid4()
    words = in_words_of(article, language)
    judge(
        article,
        reader=reader,
        helped=form.cleaned_data["helped"] == "yes",
        language=words.language if words else language,
    )
    response = redirect(f"{reverse('help_article', args=[pk])}?language={language}#helped")
    remember(response, reader)
    return response


@require_POST
@for_anybody
def offers(request: HttpRequest, language: str) -> HttpResponse:
    """What may already answer what somebody is about to ask (`text`): part of a page, nothing where nothing does.

    Posted, since what people write has no place in an address.
    """
    found = offered(request, request.POST.get("text", "").replace("\x00", ""), language)
    return render(request, "knowledge/help/offers.html", {"found": found, "language": language})


def _article(pk: int) -> Article:
    rows = Translation.objects.select_related("published").exclude(published=None)
    rows = rows.defer(*(f"published__{name}" for name in WORDS))
    found = Article.objects.for_customers().select_related("section").prefetch_related(Prefetch("translations", rows))
    article: Article = get_object_or_404(found, pk=pk)
    return article


def _article_page(request: HttpRequest, language: str, article: Article, status: int = 200) -> HttpResponse:
    words = in_words_of(article, language)
    reader = reader_of(request)
    said = Judgement.objects.filter(article=article, reader=reader).first() if reader else None
    spoken = {row.language for row in article.translations.all()}
    context = {
        "language": language,
        "article": article,
        "words": words,
        "others": [(code, name) for code, name in settings.LANGUAGES if code in spoken],
        "is_in_another": words is not None and words.language != language,
        "said": said,
        "is_too_often": status == 429,
        "write_url": _where_to_write(language),
    }
    return render(request, "knowledge/help/article.html", context, status=status)


def _where_to_write(language: str) -> str:
    """The page on which customers ask us, or nothing."""
    return str(import_string(settings.WRITE_TO_US)(language))
