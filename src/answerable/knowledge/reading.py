"""In which words a reader gets an article."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from answerable.knowledge.models import Article, Translation

WORDS = ("vector", "titled")
"""What a version is found by, and nobody reads."""
HEAVY = [f"{which}__{name}" for which in ("latest", "published") for name in (*WORDS, "html", "text")]


def titled(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Each with its section and its titles in all languages. Two queries."""
    rows = Translation.objects.select_related("latest", "published").defer(*HEAVY)
    return articles.select_related("section").prefetch_related(Prefetch("translations", rows))


def in_words_of(article: Article, language: str, *, published: bool = True) -> Translation | None:
    """The translation a reader of a language gets: in it, else in the one it was written in, else in any.

    Of those that readers see, or (not `published`) of all; None where there is none.
    """
    rows: Iterable[Translation] = article.translations.all()
    found = [row for row in rows if row.published_id is not None or not published]
    wanted = {language: 0, article.language: 1}
    return min(found, key=lambda row: (wanted.get(row.language, 2), row.pk), default=None)
