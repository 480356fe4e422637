from django.db import models
from django.utils import timezone

from answerable.knowledge.models.article import Article


class Judgement(models.Model):
    """Whether an article helped a reader, by their own word. Each counts once an article, and may change their mind.

    The reader is a number of their browser, which says nothing of who they are.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="judgements")
    reader = models.UUIDField()
    helped = models.BooleanField()
    language = models.CharField(max_length=8)  # of the words they read
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "reader"], name="a_judgement_once_a_reader")]

    def __str__(self) -> str:
        return f"article {self.article_id}: {'helped' if self.helped else 'did not help'}"
