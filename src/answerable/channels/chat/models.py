"""The chats of inboxes, who talks there, and what they have of it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from answerable.customers.models import Contact
from answerable.desk.models import Conversation, Inbox, Message

COLOUR = "#1d4f91"


class WidgetQuerySet(models.QuerySet["Widget"]):
    def open(self) -> "WidgetQuerySet":
        """Those that visitors can write by."""
        return self.filter(closed_at=None, inbox__retired_at=None)


class Widget(models.Model):
    """What stands on other people's pages: it brings conversations to an inbox."""

    inbox = models.OneToOneField(Inbox, models.PROTECT, related_name="widget")
    key = models.CharField(max_length=24, unique=True)  # in its address; no secret
    name = models.CharField(max_length=80)  # whom visitors talk with
    greeting = models.CharField(max_length=400, blank=True)  # in the company's language; empty: our own words
    greetings = models.JSONField(default=dict, blank=True)  # language -> what its readers see instead
    colour = models.CharField(max_length=7, default=COLOUR)  # white words can be read on it
    origins = ArrayField(models.CharField(max_length=255), default=list, blank=True)  # of pages that may have it
    takes_files = models.BooleanField(default=True)
    identity_generation = models.PositiveIntegerField(default=1)  # see identity.py
    rotated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = WidgetQuerySet.as_manager()

    class Meta:
        ordering = ["inbox__name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def script_url(self) -> str:
        """What pages load it by."""
        return settings.SITE_URL + reverse("chat_script", args=[self.key])

    def greeting_in(self, language: str) -> str:
        return str(self.greetings.get(language) or self.greeting)


class Visitor(models.Model):
    """A browser that has written. It is known by a secret of its own, of which we keep the digest alone."""

    widget = models.ForeignKey(Widget, models.PROTECT, related_name="visitors")
    secret_digest = models.CharField(max_length=64)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="visitors")
    confirmed_at = models.DateTimeField(null=True, blank=True)  # the contact is who they say
    external_id = models.CharField(max_length=200, blank=True)  # what the page's own system calls them
    address = models.CharField(max_length=320, blank=True)  # where they want to be written to, by their own word
    language = models.CharField(max_length=8, blank=True)
    page_url = models.CharField(max_length=500, blank=True)  # where they are
    page_title = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)  # their last sign of life
    is_typing = models.BooleanField(default=False)
    mails_since = models.DateTimeField(null=True, blank=True)  # they asked to be answered by mail
    window_began_at = models.DateTimeField(default=timezone.now)  # see budget.py
    window_messages = models.PositiveIntegerField(default=0)
    window_bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["secret_digest", "widget"], name="a_secret_is_one_visitors")]
        indexes = [
            models.Index(fields=["address"], name="address_given", condition=Q(confirmed_at=None) & ~Q(address="")),
        ]

    def __str__(self) -> str:
        return f"visitor {self.pk}"


class Visit(models.Model):
    """A conversation as its visitor has it: which browser began it, and how far they have seen it."""

    conversation = models.OneToOneField(Conversation, models.PROTECT, related_name="visit")
    visitor = models.ForeignKey(Visitor, models.PROTECT, related_name="visits")
    seen_message_id = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"visit of {self.visitor_id} in {self.conversation_id}"


class Sent(models.Model):
    """A message as a browser sent it: sent again after a dropped connection, it is the same one."""

    once = models.CharField(max_length=64, primary_key=True)  # digest of who sent it and what they called it
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "sent"

    def __str__(self) -> str:
        return f"message {self.message_id}"


CODE_IS_GOOD_FOR = timedelta(minutes=15)


class Code(models.Model):
    """A code mailed to an address, by which whoever reads that mail goes on in another browser."""

    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="codes")
    address = models.CharField(max_length=320)
    digest = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["visitor", "-id"], name="code_standing", condition=Q(used_at=None))]

    def __str__(self) -> str:
        return f"code for {self.visitor_id}"
