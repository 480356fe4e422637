"""Messengers: by which gateways they are reached, who we are there, which chats there are, and what came."""

import json
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.channels.vault import unseal
from answerable.desk.models import Conversation, Inbox, Message

TYPING_LASTS = timedelta(minutes=2)


class GatewayQuerySet(models.QuerySet["Gateway"]):
    def current(self) -> "GatewayQuerySet":
        return self.filter(retired_at=None)


class Gateway(models.Model):
    """A way to a messenger: a Matrix server, a Telegram bot, a WhatsApp number. What else it needs is its channel's."""

    channel = models.CharField(max_length=20)  # a name in settings.CHANNELS
    name = models.CharField(max_length=200)  # what people call it: a server's name, a bot's, a number
    base_url = models.CharField(max_length=500)  # of the interface that we speak to
    facts = models.JSONField(default=dict, blank=True)  # what else is no secret
    sealed_secrets = models.TextField(blank=True)  # JSON, encrypted with the server's vault key
    checked_at = models.DateTimeField(null=True, blank=True)  # last time all was well
    failing_since = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)  # administrators were told of this failure
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = GatewayQuerySet.as_manager()

    class Meta:
        ordering = ["channel", "name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def secrets(self) -> dict[str, str]:
        """What it is entered with. Raises `vault.Locked` where this server's key does not fit."""
        return dict(json.loads(unseal(self.sealed_secrets) or "{}"))


class Line(models.Model):
    """An account of ours on a messenger: whoever writes to it writes to this inbox."""

    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="lines")
    inbox = models.OneToOneField(Inbox, models.PROTECT, related_name="line")
    account = models.CharField(max_length=320)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "account"], name="an_account_has_one_inbox")]

    def __str__(self) -> str:
        return self.account


class Chat(models.Model):
    """A room or chat with people in it, and the conversation that it is now."""

    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="chats")
    line = models.ForeignKey(Line, models.PROTECT, related_name="chats")
    external_id = models.CharField(max_length=320)
    conversation = models.ForeignKey(Conversation, models.PROTECT, null=True, blank=True, related_name="chats")
    encrypted_at = models.DateTimeField(null=True, blank=True)  # since then we can't read what is written
    last_inbound_at = models.DateTimeField(null=True, blank=True)  # a person wrote, by the messenger's clock
    parted_at = models.DateTimeField(null=True, blank=True)  # we are no longer in it, or nobody else is
    typing_at = models.DateTimeField(null=True, blank=True)  # somebody began to write, and has not stopped
    typing_account = models.CharField(max_length=320, blank=True)  # who

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "external_id"], name="a_chat_is_there_once")]

    def __str__(self) -> str:
        return self.external_id

    @property
    def is_typing(self) -> bool:
        """Not long ago: a homeserver that goes away never says that they stopped."""
        return self.typing_at is not None and timezone.now() - self.typing_at < TYPING_LASTS


class Arrival(models.Model):
    """What a messenger handed us, kept as it came before it was acknowledged, and what became of it."""

    class Outcome(models.TextChoices):
        FILED = "filed", pgettext_lazy("of a messenger", "Is in a conversation")
        NOTED = "noted", pgettext_lazy("of a messenger", "Noted")
        IGNORED = "ignored", pgettext_lazy("of a messenger", "Means nothing here")
        QUARANTINED = "quarantined", _("Quarantined")

    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="arrivals")
    name = models.CharField(max_length=320)  # the messenger's own: the same name is the same arrival
    chat_key = models.CharField(max_length=320, blank=True)  # what comes by one chat is taken in one after the other
    content = models.TextField()  # JSON
    received_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)  # not before: back-off
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)  # empty: not looked at yet
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    chat = models.ForeignKey(Chat, models.PROTECT, null=True, blank=True, related_name="arrivals")
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="messenger_arrivals")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "name"], name="an_arrival_is_kept_once")]
        indexes = [
            models.Index(fields=["id"], name="messenger_undecided", condition=Q(outcome="")),
            models.Index(fields=["gateway", "-id"], name="messenger_aside", condition=Q(outcome="quarantined")),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome or 'undecided'}"


class Template(models.Model):
    """An answer of ours that leaves as words which the messenger has approved."""

    message = models.OneToOneField(Message, models.PROTECT, related_name="messenger_template")
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Part(models.Model):
    """A piece of an answer of ours that has left: its text, or one of its files."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="messenger_parts")
    chat = models.ForeignKey(Chat, models.PROTECT, related_name="parts")
    place = models.PositiveSmallIntegerField()
    external_id = models.CharField(max_length=320)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "place"], name="a_part_leaves_once")]
        indexes = [models.Index(fields=["chat", "external_id"], name="messenger_part")]

    def __str__(self) -> str:
        return f"{self.place} of message {self.message_id}"
