"""What is written, what hangs on it, and how it leaves."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.customers.models import Contact
from answerable.desk.models.conversation import Conversation
from answerable.desk.models.file import File
from answerable.web.drafts import version_of


class Kind(models.TextChoices):
    INBOUND = "inbound", _("From the customer")
    OUTBOUND = "outbound", _("To the customer")
    NOTE = "note", _("Internal note")


class Message(models.Model):
    """What somebody wrote. Never edited, never cut: quotes are folded on the page."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages", db_index=False)
    origin = models.ForeignKey(  # where it came to, if it has been brought here from there
        Conversation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="messages")
    automatic = models.BooleanField(default=False)  # by a machine: stops no clock, starts none
    on_copy = models.BooleanField(default=False, db_default=False)  # by somebody on copy: starts none either
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)  # as received, to be sanitised wherever it is shown
    folds = models.JSONField(default=list, blank=True)  # [[from, to], ...]: quoted spans of `text`
    external_id = models.CharField(max_length=998, blank=True)  # the channel's own name, such as a Message-ID
    written_from = models.CharField(max_length=320, blank=True)  # the contact's address that it came from
    sent_at = models.DateTimeField(null=True, blank=True)  # as the sender's machine said
    created_at = models.DateTimeField(default=timezone.now)
    # A messenger's user wrote it anew: these are the new words, and those of the other message the old.
    rewords = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="rewordings", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # by who wrote it: its words are with its withdrawal

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "id"], name="message_thread"),
            models.Index(fields=["external_id"], name="message_external", condition=~Q(external_id="")),
            models.Index(fields=["origin"], name="message_origin", condition=Q(origin__isnull=False)),
            models.Index(fields=["rewords"], name="message_reworded", condition=Q(rewords__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} in {self.conversation_id}"


class Withdrawal(models.Model):
    """What was withdrawn by who wrote it: shown nowhere, kept as the record of what was said to us."""

    message = models.OneToOneField(Message, models.PROTECT, related_name="withdrawal")
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    folds = models.JSONField(default=list, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"of message {self.message_id}"


PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What may be shown in place. SVG is a program and is not among them."""
LARGEST_SHOWN_SMALL = 8 * 1024**2


class Attachment(models.Model):
    """A named file of a message, or of a draft not sent yet, or of a message that was withdrawn."""

    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="attachments")
    draft = models.ForeignKey("Draft", models.SET_NULL, null=True, blank=True, related_name="attachments")
    withdrawal = models.ForeignKey(
        Withdrawal, models.PROTECT, null=True, blank=True, related_name="attachments", db_index=False
    )
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=127)
    size = models.PositiveIntegerField()  # bytes
    content_id = models.CharField(max_length=255, blank=True)  # how the HTML names an image within it
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["withdrawal"], name="attachment_withdrawn", condition=Q(withdrawal__isnull=False))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_inline(self) -> bool:
        return bool(self.content_id)

    @property
    def is_picture(self) -> bool:
        """Whether browsers may show it in place."""
        return self.content_type.lower() in PICTURES

    @property
    def is_shown_small(self) -> bool:
        """Whether it is a picture that is quickly there."""
        return self.is_picture and self.size <= LARGEST_SHOWN_SMALL


class Draft(models.Model):
    """What an agent is writing, kept on the server as they type."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.OUTBOUND)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)  # where it is formatted: made harmless, its pictures named by cid:
    envelope = models.JSONField(default=dict, blank=True)  # whom it is to go to: see desk/actions/copies.py
    tab = models.CharField(max_length=36, blank=True, default="", db_default="")  # where it was typed: web/drafts.py
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user", "kind"], name="a_draft_a_person_and_kind")
        ]

    def __str__(self) -> str:
        return f"draft of {self.user_id} in {self.conversation_id}"

    @property
    def version(self) -> str:
        return version_of(self)


class Delivery(models.Model):
    """The outbox: a message on its way out, written in the transaction that wrote the message."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")  # may still be undone, or be tried again
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        FAILED = "failed", pgettext_lazy("delivery", "Failed")  # given up; a person must look
        BOUNCED = "bounced", pgettext_lazy("delivery", "Bounced")
        UNDONE = "undone", pgettext_lazy("delivery", "Undone")

    message = models.OneToOneField(Message, models.PROTECT, related_name="delivery")
    channel = models.CharField(max_length=20)
    recipients = ArrayField(models.CharField(max_length=320), default=list)
    copied = ArrayField(models.CharField(max_length=320), default=list, blank=True)
    blind = ArrayField(models.CharField(max_length=320), default=list, db_default=[], blank=True)  # nobody else sees
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)  # not before: undo, then back-off
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)  # it reached them, where a channel says so
    seen_at = models.DateTimeField(null=True, blank=True)  # they had it before their eyes, likewise
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["channel", "due_at", "id"], name="delivery_waits", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.state} delivery of message {self.message_id}"
