"""What readers say of an article."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from answerable.events.record import record
from answerable.knowledge.models import Article, Judgement


def judge(article: Article, *, reader: UUID, helped: bool, language: str, at: datetime | None = None) -> Judgement:
    """Whether it helped. A reader counts once an article; said otherwise, it counts as said last."""
    at = at or timezone.now()
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        judgement = Judgement.objects.filter(article=article, reader=reader).first()
        if judgement is not None and judgement.helped == helped:
            return judgement
        if judgement is None:
            judgement = Judgement(article=article, reader=reader)
        elif judgement.helped:
            article.helped -= 1
        else:
            article.failed -= 1
        judgement.helped, judgement.language, judgement.at = helped, language, at
        judgement.save()
        if helped:
            article.helped += 1
        else:
            article.failed += 1
        article.save(update_fields=["helped", "failed"])
        record("article.judged", subject=article, by=None, at=at, helped=helped, language=language)
    return judgement
