"""Where articles stand, and whether readers see them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.knowledge.models import Article, Audience, Section
from answerable.knowledge.permissions import check_may_publish, check_may_write
from answerable.people.errors import Refused
from answerable.people.models import User


def publish(article: Article, *, language: str, by: User | None, at: datetime | None = None) -> Article:
    """Readers see the latest words in a language from now on. Of a withdrawn article, its other languages too."""
    check_may_publish(by)
    at = at or timezone.now()
    with transaction.atomic():
        article = _held(article)
        translation = article.translations.filter(language=language).select_related("latest").first()
        if translation is None or translation.latest is None:
            raise Refused(_("Nothing is written in this language yet."))
        if article.is_published and not translation.has_changed:
            return article
        translation.published, translation.published_at, translation.published_by = translation.latest, at, by
        translation.save(update_fields=["published", "published_at", "published_by"])
        article.published_at, article.withdrawn_at, article.changed_at = article.published_at or at, None, at
        article.save(update_fields=["published_at", "withdrawn_at", "changed_at"])
        facts = {"language": language, "title": translation.latest.title, "version": translation.latest.number}
        record("article.published", subject=article, by=by, at=at, audience=article.audience, **facts)
    return article


def withdraw(article: Article, *, by: User | None, at: datetime | None = None) -> Article:
    """No reader sees it any more, in any language. Writers do, and it can be published again."""
    check_may_publish(by)
    at = at or timezone.now()
    with transaction.atomic():
        article = _held(article)
        if not article.is_published:
            return article
        article.withdrawn_at = article.changed_at = at
        article.save(update_fields=["withdrawn_at", "changed_at"])
        record("article.withdrawn", subject=article, by=by, at=at, audience=article.audience)
    return article


def place_article(article: Article, *, section: Section, audience: str, by: User | None) -> Article:
    """Which section it stands in and who reads it. Of what readers see, that is for those who publish."""
    check_may_write(by)
    now = timezone.now()
    with transaction.atomic():
        article = _held(article)
        if article.is_published:
            check_may_publish(by)
        if (article.section_id, article.audience) == (section.pk, audience):
            return article
        section = Section.objects.select_for_update().get(pk=section.pk)  # nobody retires it meanwhile
        if section.retired_at is not None and section.pk != article.section_id:
            raise Refused(_("This section takes no more articles."), field="section")
        before = article.audience
        article.section, article.audience, article.changed_at = section, Audience(audience), now
        article.save(update_fields=["section", "audience", "changed_at"])
        record("article.placed", subject=article, by=by, at=now, section=section.pk, audience=audience, before=before)
    return article


def _held(article: Article) -> Article:
    return Article.objects.select_for_update().get(pk=article.pk)
