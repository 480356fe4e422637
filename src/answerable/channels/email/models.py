"""Mail as a ledger: every message ever seen has one row here, and one outcome."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.desk.models import Delivery, Inbox, Message


class Arrival(models.Model):
    """One message as it was handed to us, kept raw before it was acknowledged, and what became of it."""

    class Door(models.TextChoices):
        SMTP = "smtp", "SMTP"
        LMTP = "lmtp", "LMTP"
        IMAP = "imap", "IMAP"
        COMMAND = "command", _("Command line")

    class Outcome(models.TextChoices):
        OPENED = "opened", pgettext_lazy("mail", "Opened a conversation")
        APPENDED = "appended", pgettext_lazy("mail", "Joined a conversation")
        BOUNCE = "bounce", _("Bounce")
        AUTO_REPLY = "auto-reply", _("Automatic reply")
        LOOP = "loop", _("Our own mail, come back")
        SPAM = "spam", _("Spam")
        DUPLICATE = "duplicate", _("Duplicate")
        QUARANTINED = "quarantined", _("Quarantined")

    door = models.CharField(max_length=20, choices=Door.choices)
    # What the door calls it; the same name is the same message, however often it is fetched (IMAP: box, validity, UID).
    name_at_door = models.CharField(max_length=200, null=True, blank=True, unique=True)
    envelope_from = models.CharField(max_length=320, blank=True)  # empty: the null path of bounces
    envelope_to = ArrayField(models.CharField(max_length=320), default=list)
    peer = models.CharField(max_length=300, blank=True)  # who handed it over: address and greeting
    raw = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)

    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)  # empty: not looked at yet
    reason = models.TextField(blank=True)  # in words: which rule, and why
    decided_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    absolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # who said that it is no spam

    inbox = models.ForeignKey(Inbox, models.PROTECT, null=True, blank=True, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="arrivals")
    bounced = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="bounces")
    external_id = models.CharField(max_length=998, blank=True)  # its Message-ID
    fingerprint = models.CharField(max_length=64, blank=True)  # equal for each delivery of one message
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    authentication = models.JSONField(default=dict, blank=True)  # SPF, DKIM, DMARC, as checked or as told

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="arrival_undecided", condition=Q(outcome="")),
            models.Index(fields=["external_id"], name="arrival_external_id", condition=~Q(external_id="")),
            models.Index(fields=["outcome", "-id"], name="arrival_outcome"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=~Q(fingerprint="") & ~Q(outcome__in=["", "duplicate", "quarantined"]),
                name="a_message_is_taken_in_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.pk}: {self.outcome or 'undecided'}"


class Mailbox(models.Model):
    """A mailbox somewhere else that we fetch from by IMAP, by UID and never by the Seen flag."""

    class Security(models.TextChoices):
        TLS = "tls", "TLS"
        STARTTLS = "starttls", "STARTTLS"
        PLAIN = "plain", _("None")

    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="mailboxes")
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=20, choices=Security.choices, default=Security.TLS)
    username = models.CharField(max_length=320)
    sealed_password = models.TextField()  # encrypted with the server's vault key
    folder = models.CharField(max_length=300, default="INBOX")
    uid_validity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now)  # what was in it before is left alone
    authserv = models.CharField(max_length=253, blank=True)  # by which name that server signs its checks of senders
    checked_at = models.DateTimeField(null=True, blank=True)  # last time all was well
    failing_since = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)  # administrators were told of this failure
    reconciled_at = models.DateTimeField(null=True, blank=True)  # when mailbox and ledger were last compared
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return f"{self.username} at {self.host}"


class Relay(models.Model):
    """The SMTP server an inbox's mail leaves by; the one without an inbox serves all that have none of their own."""

    inbox = models.OneToOneField(Inbox, models.PROTECT, null=True, blank=True, related_name="relay")
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=20, choices=Mailbox.Security.choices, default=Mailbox.Security.STARTTLS)
    username = models.CharField(max_length=320, blank=True)
    sealed_password = models.TextField(blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(models.Value(1), condition=Q(inbox=None), name="one_relay_for_all")]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Manners(models.Model):
    """How an inbox writes by mail. No row: the defaults."""

    inbox = models.OneToOneField(Inbox, models.PROTECT, related_name="manners")
    # Off: a server that does not know plus addresses would send customers' answers back to them.
    plus_addresses = models.BooleanField(_("signed reply addresses"), default=False)
    acknowledges = models.BooleanField(_("acknowledge new conversations"), default=False)
    # Off: what somebody on copy writes opens the conversation again, and begins no promise to answer.
    copies_count = models.BooleanField(_("people on copy count as the customer"), default=False)
    # On: a colleague who sends a customer's mail on wants the customer answered.
    takes_forwards = models.BooleanField(_("what colleagues forward is the customer's"), default=True)

    class Meta:
        verbose_name_plural = "manners"

    def __str__(self) -> str:
        return f"manners of {self.inbox_id}"
