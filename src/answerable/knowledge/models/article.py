"""What the company knows, written down once, for customers or for those who work here."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from answerable.knowledge.models.section import Section
from answerable.knowledge.permissions import may_write

if TYPE_CHECKING:
    from answerable.people.models import User


class Audience(models.TextChoices):
    CUSTOMERS = "customers", pgettext_lazy("who reads an article", "Customers")
    STAFF = "staff", pgettext_lazy("who reads an article", "Staff only")


class State(models.TextChoices):
    """What the two instants of an article say."""

    DRAFT = "draft", pgettext_lazy("article", "Draft")
    PUBLISHED = "published", pgettext_lazy("article", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("article", "Withdrawn")


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: "User") -> "ArticleQuerySet":
        """Who may write sees all; everybody else who works here sees what is published, for whomever."""
        if may_write(user):
            return self
        return self.published() if user.is_active else self.none()

    def published(self) -> "ArticleQuerySet":
        return self.filter(published_at__isnull=False, withdrawn_at=None)

    def for_customers(self) -> "ArticleQuerySet":
        """All that anybody outside may ever read. The only door of every page that asks for no signing in."""
        return self.published().filter(audience=Audience.CUSTOMERS)

    def in_state(self, state: str) -> "ArticleQuerySet":
        if state == State.WITHDRAWN:
            return self.filter(withdrawn_at__isnull=False)
        return self.filter(withdrawn_at=None, published_at__isnull=state != State.PUBLISHED)


class Article(models.Model):
    """One piece of knowledge, in one language or several: see Translation."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="articles")
    audience = models.CharField(max_length=20, choices=Audience.choices, default=Audience.CUSTOMERS)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)  # the one it was first written in
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)  # its words, its place or its state
    published_at = models.DateTimeField(null=True, blank=True)  # when readers first could read it
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    helped = models.PositiveIntegerField(default=0)  # how many said so; the rows are Judgement
    failed = models.PositiveIntegerField(default=0)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="article_newest"),
            models.Index(
                fields=["section", "id"],
                condition=Q(audience="customers", published_at__isnull=False, withdrawn_at=None),
                name="article_for_customers",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(published_at__isnull=False),
                name="an_article_is_withdrawn_after_it_was_published",
            )
        ]

    def __str__(self) -> str:
        return f"article {self.pk}"

    @property
    def state(self) -> State:
        if self.withdrawn_at is not None:
            return State.WITHDRAWN
        return State.PUBLISHED if self.published_at is not None else State.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_for_customers(self) -> bool:
        return self.audience == Audience.CUSTOMERS

    @property
    def judged(self) -> int:
        """How many readers said whether it helped."""
        return self.helped + self.failed
