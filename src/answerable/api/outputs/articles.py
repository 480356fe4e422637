"""What the company has written down, as its readers see it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch

from answerable.api.schema import choice, instant, listed, maybe, moment, named, number, record, shape, text, whole
from answerable.knowledge.models import Article, ArticleQuerySet, Audience, Translation

LANGUAGES = [code for code, _name in settings.LANGUAGES]
TITLE = text("In its language.", "Where is my parcel?")
WRITTEN = {
    "language": choice("Which.", LANGUAGES, "en"),
    "title": TITLE,
    "published_at": moment("Since when readers see these words."),
}
TRANSLATION = named("ArticleTitle", record("An article's title in one language.", **WRITTEN))
WORDS = named(
    "ArticleWords",
    record(
        "An article in one language.",
        **WRITTEN,
        html=text(
            "Its text: paragraphs, lists, links, quotations and code, and nothing that runs.", "<p>On its way.</p>"
        ),
        text=text("The same without looks.", "On its way."),
    ),
)
FACTS = {
    "id": number(),
    "section": text("What it is about, in the company's language.", "Delivery"),
    "audience": choice(
        "Who reads it: everybody, or those who work here.", [each.value for each in Audience], "customers"
    ),
    "language": choice("The one it was first written in.", LANGUAGES, "en"),
    "helped": whole("How many readers said that it helped.", 12),
    "failed": whole("How many said that it did not.", 3),
    "published_at": maybe(moment("When it was first published.")),
    "changed_at": moment("When its words, its section or its state changed last."),
}
ARTICLE = shape(
    "Article",
    "A published article.",
    **FACTS,
    translations=listed("Its languages.", TRANSLATION.ref),
)
ARTICLE_TEXT = shape(
    "ArticleWithWords",
    "A published article, with its words.",
    **FACTS,
    translations=listed("Its languages.", WORDS.ref),
)
UNREAD = ("titled", "vector")
"""What only the database reads."""


def rows() -> ArticleQuerySet:
    """With all that `article` shows: two queries."""
    return _rows((*UNREAD, "html", "text"))


def rows_with_words() -> ArticleQuerySet:
    """With all that `article_with_words` shows, likewise."""
    return _rows(UNREAD)


def _rows(left_out: Sequence[str]) -> ArticleQuerySet:
    translations = Translation.objects.exclude(published=None).select_related("published")
    translations = translations.defer(*(f"published__{name}" for name in left_out))
    found: ArticleQuerySet = Article.objects.select_related("section")
    return found.prefetch_related(Prefetch("translations", translations))


def article(row: Article) -> dict[str, Any]:
    """One of `rows`."""
    return _facts(row) | {"translations": [_title(each) for each in row.translations.all()]}


def article_with_words(row: Article) -> dict[str, Any]:
    """One of `rows` with their words."""
    return _facts(row) | {"translations": [_title(each) | _words(each) for each in row.translations.all()]}


def _facts(row: Article) -> dict[str, Any]:
    return {
        "id": row.pk,
        "section": row.section.name,
        "audience": row.audience,
        "language": row.language,
        "helped": row.helped,
        "failed": row.failed,
        "published_at": instant(row.published_at),
        "changed_at": instant(row.changed_at),
    }


def _title(row: Translation) -> dict[str, Any]:
    title = row.published.title if row.published else ""
    return {"language": row.language, "title": title, "published_at": instant(row.published_at)}


def _words(row: Translation) -> dict[str, Any]:
    return {"html": row.published.html, "text": row.published.text} if row.published else {}
