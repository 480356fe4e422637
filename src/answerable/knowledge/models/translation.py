"""An article in one language, and every wording it has had."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone

from answerable.knowledge.models.article import Article


class Translation(models.Model):
    """An article in one language. Writers change its `latest` version; readers see the `published` one."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    latest = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")  # null only while it is begun
    published = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)  # when that version was
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="an_article_once_a_language")]

    def __str__(self) -> str:
        return f"article {self.article_id} in {self.language}"

    @property
    def has_changed(self) -> bool:
        """Whether something was written since what readers see."""
        return self.latest_id != self.published_id


class Version(models.Model):
    """What a translation says, or once said. Never changed: to take an earlier one back is to write it again."""

    translation = models.ForeignKey(Translation, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    html = models.TextField(blank=True)  # harmless: see settings.HTML_WRITTEN
    text = models.TextField(blank=True)  # the same without looks
    titled = SearchVectorField()  # the words of the title
    vector = SearchVectorField()  # all its words, by answerable.core.words
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        indexes = [
            GinIndex(fields=["vector"], name="article_words"),
            GinIndex(fields=["titled"], name="article_title_words"),
        ]
        constraints = [models.UniqueConstraint(fields=["translation", "number"], name="a_version_once_a_translation")]

    def __str__(self) -> str:
        return self.title
