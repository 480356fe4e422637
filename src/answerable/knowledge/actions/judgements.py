"""What readers say of an article."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from answerable.events.record import record
from answerable.knowledge.models import Article, Judgement


def judge(article: Article, *, reader: UUID, helped: bool, language: str) -> Judgement:
    """Whether it helped. A reader counts once an article; said otherwise, it counts as said last."""
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
        judgement.helped, judgement.language, judgement.at = helped, language, timezone.now()
        judgement.save()
        if helped:
            article.helped += 1
        else:
            article.failed += 1
        article.save(update_fields=["helped", "failed"])
        record("article.judged", subject=article, by=None, helped=helped, language=language)
    return judgement
