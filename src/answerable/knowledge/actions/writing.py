"""Words of articles: each wording is kept, and none is shown to readers before it is published."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.knowledge.models import Article, Audience, Section, Translation, Version
from answerable.knowledge.permissions import check_may_write
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.web.search import words_of

NONE = 0
"""The number of no version: what a writer has seen of a language in which nothing is written yet."""


@dataclass(frozen=True)
class Wording:
    """What an article says in one language: `html` is harmless, `text` the same without looks."""

    title: str
    html: str
    text: str


class Stale(Exception):
    """Somebody else has written since. `seen` is what the writer had before them, `latest` what stands there now."""

    def __init__(self, seen: Version | None, latest: Version) -> None:
        self.seen = seen
        self.latest = latest
        super().__init__(f"It is at version {latest.number}.")


def begin_article(
    *,
    section: Section,
    audience: str,
    language: str,
    wording: Wording,
    by: User | None,
    at: datetime | None = None,
) -> Article:
    """A new article in one language, as a draft."""
    check_may_write(by)
    at = at or timezone.now()
    with transaction.atomic():
        section = Section.objects.select_for_update().get(pk=section.pk)  # nobody retires it meanwhile
        if section.retired_at is not None:
            raise Refused(_("This section takes no more articles."), field="section")
        article = Article.objects.create(
            section=section, audience=Audience(audience), language=language, by=by, created_at=at, changed_at=at
        )
        version = _add(article, language, wording, by, at)
        record("article.begun", subject=article, by=by, at=at, language=language, title=version.title)
    return article


def write(
    article: Article, *, language: str, wording: Wording, seen: int, by: User | None, at: datetime | None = None
) -> Version:
    """The next version in a language, in place of the one the writer has `seen` (its number, or NONE).

    Readers see it once it is published. What changes nothing writes nothing. Raises Stale when somebody was faster.
    """
    check_may_write(by)
    at = at or timezone.now()
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        latest = latest_version(article, language)
        if latest is not None:
            if latest.number != seen:
                raise Stale(latest.translation.versions.filter(number=seen).first(), latest)
            if (latest.title, latest.html) == (wording.title, wording.html):
                return latest
        version = _add(article, language, wording, by, at)
        article.changed_at = at
        article.save(update_fields=["changed_at"])
        facts = {"language": language, "title": version.title, "version": version.number}
        record("article.changed", subject=article, by=by, at=at, **facts)
    return version


def take_back(version: Version, *, by: User | None) -> Version:
    """An earlier wording again, as the next version. The ones between stay in the history."""
    check_may_write(by)
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=version.translation.article_id)
        latest = latest_version(article, version.translation.language)
        wording = Wording(version.title, version.html, version.text)
        seen = latest.number if latest is not None else NONE
        return write(article, language=version.translation.language, wording=wording, seen=seen, by=by)


def latest_version(article: Article, language: str) -> Version | None:
    """The newest wording in a language, published or not."""
    versions = Version.objects.filter(translation__article=article, translation__language=language)
    return versions.select_related("translation", "by").defer("vector", "titled").order_by("-number").first()


def _add(article: Article, language: str, wording: Wording, by: User | None, at: datetime) -> Version:
    translation, _is_new = Translation.objects.get_or_create(article=article, language=language)
    number = translation.versions.order_by("-number").values_list("number", flat=True).first() or NONE
    version = Version.objects.create(
        translation=translation,
        number=number + 1,
        title=wording.title,
        html=wording.html,
        text=wording.text,
        titled=words_of(wording.title),
        vector=words_of(f"{wording.title}\n{wording.text}"),
        by=by,
        at=at,
    )
    translation.latest = version
    translation.save(update_fields=["latest"])
    return version
