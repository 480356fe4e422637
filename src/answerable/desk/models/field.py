"""What is asked of conversations besides their words."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Max, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from answerable.desk.models.conversation import Conversation


class FieldQuerySet(models.QuerySet["Field"]):
    def current(self) -> "FieldQuerySet":
        """Those that are asked for, in their order."""
        return self.filter(retired_at=None)

    def of(self, conversation: "Conversation") -> "FieldQuerySet":
        """Those that something is known for, retired ones among them."""
        return self.filter(pk__in=[int(key) for key in conversation.details])

    def next_place(self) -> int:
        """Behind the last."""
        return int(self.aggregate(last=Coalesce(Max("place"), Value(0)))["last"]) + 1


class Field(models.Model):
    """Something the company wants to know of a conversation besides its words, such as an order number.

    Values stand in `Conversation.details`, as text: a date as 2026-03-08, a number with a point, yes as `yes`, a
    choice by its name in the company's language, several choices each in a line.
    """

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("of a field", "A line of text")
        NUMBER = "number", pgettext_lazy("of a field", "A number")
        DATE = "date", pgettext_lazy("of a field", "A date")
        CHOICE = "choice", pgettext_lazy("of a field", "One of several choices")
        SEVERAL = "several", pgettext_lazy("of a field", "Some of several choices")
        YES_NO = "yes_no", pgettext_lazy("of a field", "Yes or no")

    name = models.CharField(max_length=100)
    names = models.JSONField(default=dict, blank=True)  # language -> what its readers see instead
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TEXT)
    choices = models.JSONField(default=list, blank=True)  # names in order
    choices_in = models.JSONField(default=dict, blank=True)  # language -> their names there, in the same order
    required_at = models.DateTimeField(null=True, blank=True)  # since when it must be known before solving
    place = models.PositiveIntegerField()  # lower ones stand first
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = FieldQuerySet.as_manager()

    class Meta:
        ordering = [F("place").asc(), "id"]
        verbose_name = _("field")

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or self.name)

    def choice_in(self, language: str, value: str) -> str:
        """What readers of a language see for a choice; one that is no longer offered, as it was."""
        if value not in self.choices:
            return value
        said = self.choices_in.get(language) or self.choices
        return str(said[self.choices.index(value)])
