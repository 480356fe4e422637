from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from answerable.knowledge.models.article import Article
from answerable.knowledge.permissions import may_write

if TYPE_CHECKING:
    from answerable.people.models import User


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: "User") -> "DraftQuerySet":
        """What one is writing is nobody else's business."""
        return self.filter(user=user) if may_write(user) else self.none()


class Draft(models.Model):
    """What a writer has typed and not saved, kept on the server as they type. No version: no other page shows it."""

    article = models.ForeignKey(
        Article, models.CASCADE, null=True, blank=True, related_name="drafts"
    )  # null: a new one
    language = models.CharField(max_length=8, blank=True)  # empty for a new article: it stands in `placed`
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)  # harmless: see settings.HTML_WRITTEN
    seen = models.PositiveBigIntegerField(default=0)  # the number of the version it was begun from
    tab = models.CharField(max_length=36, blank=True, default="", db_default="")  # where it was typed: web/drafts.py
    placed = models.JSONField(default=dict, blank=True)  # of a new one: field -> what was chosen, as it was sent
    discarded_at = models.DateTimeField(null=True, blank=True)  # nobody sees it then; they may have it back
    updated_at = models.DateTimeField(auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "article", "language"],
                nulls_distinct=False,
                name="a_draft_a_writer_article_and_language",
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.user_id} for {self.article_id or 'a new article'}"

    @property
    def fields(self) -> dict[str, Any]:
        """What the editor's form is filled in with."""
        return {"title": self.title, "text": self.text, "html": self.html, "seen": self.seen, **self.placed}
