"""Web forms, what they ask, and what was sent by them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from answerable.desk.models import Field, Inbox


class FormQuerySet(models.QuerySet["Form"]):
    def open(self) -> "FormQuerySet":
        """Those that customers can write by."""
        return self.filter(closed_at=None, inbox__retired_at=None)


class Form(models.Model):
    """A page that customers write to an inbox by, at an address of its own."""

    inbox = models.OneToOneField(Inbox, models.PROTECT, related_name="form")
    key = models.SlugField(max_length=60, unique=True)  # in its address
    title = models.CharField(max_length=200, blank=True)  # in the company's language; empty: our own words
    titles = models.JSONField(default=dict, blank=True)  # language -> what its readers see instead
    introduction = models.TextField(blank=True)
    introductions = models.JSONField(default=dict, blank=True)
    takes_files = models.BooleanField(default=True)
    fields = models.ManyToManyField(Field, through="Question", related_name="forms")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = FormQuerySet.as_manager()

    class Meta:
        ordering = ["inbox__name", "id"]

    def __str__(self) -> str:
        return self.title or str(self.inbox)

    @property
    def url(self) -> str:
        """Where customers find it."""
        return settings.SITE_URL + reverse("web_form", args=[self.key])

    def title_in(self, language: str) -> str:
        return str(self.titles.get(language) or self.title)

    def introduction_in(self, language: str) -> str:
        return str(self.introductions.get(language) or self.introduction)


class Question(models.Model):
    """A field that a form asks for."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="questions")
    field = models.ForeignKey(Field, models.PROTECT, related_name="questions")
    is_required = models.BooleanField(default=False)

    class Meta:
        ordering = ["field__place", "id"]
        constraints = [models.UniqueConstraint(fields=["form", "field"], name="a_form_asks_once")]

    def __str__(self) -> str:
        return f"{self.field} on {self.form_id}"


class Sent(models.Model):
    """A form as it was sent: sent twice (a double click, a page loaded anew), it is one conversation."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="sent")
    once = models.CharField(max_length=64, unique=True)  # of the page it was written on and what was written
    conversation = models.ForeignKey("desk.Conversation", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "sent"

    def __str__(self) -> str:
        return f"{self.form_id} at {self.at}"
