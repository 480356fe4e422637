"""Articles as those who work here find, read, publish and withdraw them."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from answerable.core.words import query
from answerable.knowledge.actions import place_article, publish, withdraw
from answerable.knowledge.forms import FilterForm, PlacementForm
from answerable.knowledge.models import Article, ArticleQuerySet, Section, Translation, Version
from answerable.knowledge.permissions import may_publish, may_write
from answerable.knowledge.reading import WORDS, in_words_of, titled
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.people.views.door import member_of_staff, refusals_told
from answerable.web.pager import keyset
from answerable.web.search import holds


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """All that the reader may see, the last changed first, as far as the filters let them through."""
    person = member_of_staff(request)
    sections = Section.objects.all()
    form = FilterForm(request.GET, sections=sections)
    rows = _filtered(Article.objects.visible_to(person), form, person)
    page = keyset(titled(rows), column="changed_at", cursor=request.GET.get("cursor"))
    language = get_language() or ""
    shown = [(row, in_words_of(row, language, published=not may_write(person))) for row in page.rows]
    context = {
        "form": form,
        "page": page,
        "shown": shown,
        "is_filtered": bool(form.asked),
        "may_write": may_write(person),
    }
    return render(request, "knowledge/articles.html", context)


def _filtered(rows: ArticleQuerySet, form: FilterForm, person: User) -> QuerySet[Article]:
    """Words are those of the latest wording for writers, of the published one for who only reads."""
    asked = form.asked
    if "state" in asked:
        rows = rows.in_state(asked["state"])
    rows = rows.filter(**{name: asked[name] for name in ("audience", "section") if name in asked})
    which = "latest" if may_write(person) else "published"
    translations = Translation.objects.filter(article=OuterRef("pk"))
    if "language" in asked:
        rows = rows.filter(Exists(translations.filter(language=asked["language"], **{f"{which}__isnull": False})))
    if "q" in asked:
        words = query(asked["q"], typing=True)
        if not words:
            return rows.none()
        rows = rows.filter(pk__in=Translation.objects.filter(holds(f"{which}__vector", words)).values("article"))
    return rows


def visible_article(person: User, pk: int) -> Article:
    """Raises Http404 for what the reader may not see."""
    return get_object_or_404(titled(Article.objects.visible_to(person)), pk=pk)


@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """As its readers get it: for writers its latest words, published or not; in `language`, else the reader's own."""
    person = member_of_staff(request)
    found = visible_article(person, pk)
    wanted = request.GET.get("language") or get_language() or ""
    translation = in_words_of(found, wanted, published=not may_write(person))
    if translation is None:
        raise Http404
    return _page(request, found, translation, _placement(found))


def _page(request: HttpRequest, found: Article, translation: Translation, form: PlacementForm) -> HttpResponse:
    person = member_of_staff(request)
    shown = Q(pk=translation.latest_id if may_write(person) else translation.published_id)
    version = Version.objects.select_related("by").defer(*WORDS).get(shown)
    written = {row.language: row for row in found.translations.all()}
    publishes = may_publish(person)
    context = {
        "article": found,
        "translation": translation,
        "version": version,
        "languages_written": [(code, name, written.get(code)) for code, name in settings.LANGUAGES],
        "may_write": may_write(person),
        "may_publish": publishes,
        "may_place": publishes or (may_write(person) and not found.is_published),
        "form": form,
    }
    return render(request, "knowledge/article.html", context, status=422 if form.errors else 200)


def _placement(found: Article, data: QueryDict | None = None) -> PlacementForm:
    sections = Section.objects.current() | Section.objects.filter(pk=found.section_id)
    return PlacementForm(data, sections=sections, initial={"section": found.section_id, "audience": found.audience})


@require_POST
def placement(request: HttpRequest, pk: int) -> HttpResponse:
    """Another section, or other readers."""
    person = member_of_staff(request)
    found = visible_article(person, pk)
    form = _placement(found, request.POST)
    if form.is_valid():
        try:
            place_article(found, **form.cleaned_data, by=person)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("knowledge_article", pk)
    translation = in_words_of(found, get_language() or "", published=not may_write(person))
    if translation is None:
        raise Http404
    return _page(request, found, translation, form)


@require_POST
def publication(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Its latest words in a language, for its readers to see."""
    person = member_of_staff(request)
    found = visible_article(person, pk)
    with refusals_told(request):
        publish(found, language=language, by=person)
        messages.success(request, _("Published: its readers see it now."))
    return redirect(f"{reverse('knowledge_article', args=[pk])}?language={language}")


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """From its readers; writers keep it."""
    person = member_of_staff(request)
    withdraw(visible_article(person, pk), by=person)
    messages.success(request, _("Withdrawn: its readers don't see it any more. It is kept here."))
    return redirect("knowledge_article", pk)
