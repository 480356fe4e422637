"""What is typed into an article and not saved, kept as it is typed. Nobody else's business: no event is left behind."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from answerable.knowledge.actions.writing import NONE, Wording, latest_version
from answerable.knowledge.models import Article, Draft, DraftQuerySet
from answerable.knowledge.permissions import check_may_write
from answerable.people.models import User
from answerable.web.drafts import Elsewhere, Page

UNKNOWN = Page()


def keep_draft(
    article: Article | None,
    *,
    language: str,
    wording: Wording,
    seen: int,
    placed: Mapping[str, str],
    by: User,
    page: Page = UNKNOWN,
) -> None:
    """Keep what `by` has typed: of an article in a language, or of a new one (no article, no language).

    One that says nothing, or what the article says anyway, is no draft. One kept on its way while the same words were
    already saved would come back from the dead. `seen` is what their page knew: the number of the version, for a new
    article what `last_begun` said. Raises Elsewhere where they have saved since, or have typed in another tab what this
    `page` does not show.
    """
    check_may_write(by)
    with transaction.atomic():
        if article is not None:
            article = Article.objects.select_for_update().get(pk=article.pk)  # who saves it does so before or after
        drafts = _of(by, article, language).filter(discarded_at=None)
        standing = drafts.first()
        if standing is None and not page.insists and _has_saved(by, article, language, seen):
            raise Elsewhere
        if standing is not None and not page.may_keep(standing, wording.text):
            raise Elsewhere(standing.text, standing.html)
        if _says_nothing_new(article, language, wording):
            drafts.delete()
            return
        words = {"title": wording.title, "text": wording.text, "html": wording.html}
        kept = {**words, "seen": seen, "placed": dict(placed), "tab": page.tab, "discarded_at": None}
        Draft.objects.update_or_create(user=by, article=article, language=language, defaults=kept)


def draft_of(by: User, article: Article | None = None, language: str = "") -> Draft | None:
    """What they typed and have not saved; without an article, of a new one."""
    return _of(by, article, language).filter(discarded_at=None).first()


def discard_draft(by: User, article: Article | None = None, language: str = "") -> None:
    """They don't want it. They may have it back until they type something else."""
    check_may_write(by)
    drafts = _of(by, article, language)
    drafts.exclude(discarded_at=None).delete()  # an earlier one, where nothing of this one was kept
    drafts.update(discarded_at=timezone.now())


def take_draft_back(by: User, article: Article | None = None, language: str = "") -> None:
    """What they discarded stands in the editor again; what they have saved or typed since stays."""
    check_may_write(by)
    _of(by, article, language).update(discarded_at=None)


def forget_draft(by: User, article: Article | None = None, language: str = "") -> None:
    """It is saved."""
    check_may_write(by)
    _of(by, article, language).delete()


def last_begun(by: User) -> int:
    """The key of the article that they began last, or NONE."""
    return Article.objects.filter(by=by).order_by("-pk").values_list("pk", flat=True).first() or NONE


def _of(by: User, article: Article | None, language: str) -> DraftQuerySet:
    return Draft.objects.visible_to(by).filter(article=article, language=language)


def _has_saved(by: User, article: Article | None, language: str, seen: int) -> bool:
    if article is None:
        return last_begun(by) > seen
    return article.translations.filter(language=language, versions__by=by, versions__number__gt=seen).exists()


def _says_nothing_new(article: Article | None, language: str, wording: Wording) -> bool:
    if not wording.title and not wording.text:
        return True
    latest = latest_version(article, language) if article is not None else None
    return latest is not None and (latest.title, latest.html) == (wording.title, wording.html)
