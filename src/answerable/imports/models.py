"""Imports: the runs, their files, where our rows came from, and what did not come."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.desk.models import Inbox


class System(models.TextChoices):
    """Whose exports we read."""

    ZENDESK = "zendesk", "Zendesk"
    FRESHDESK = "freshdesk", "Freshdesk"
    ZAMMAD = "zammad", "Zammad"
    OSTICKET = "osticket", "osTicket"
    CHATWOOT = "chatwoot", "Chatwoot"


class Import(models.Model):
    """One run over files: first looked through, then, once somebody agreed with what means what, taken over."""

    class State(models.TextChoices):
        LOOKING = "looking", pgettext_lazy("import", "Being read")
        READY = "ready", pgettext_lazy("import", "Waits for you")
        RUNNING = "running", pgettext_lazy("import", "Goes on")
        DONE = "done", pgettext_lazy("import", "Done")
        FAILED = "failed", pgettext_lazy("import", "Refused")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")

    system = models.CharField(_("system"), max_length=20, choices=System.choices)
    account = models.CharField(max_length=100, blank=True)  # tells two desks of one system apart
    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="+")  # of what no mapping puts elsewhere
    zone = models.CharField(max_length=60, default="UTC")  # of times that don't say theirs
    files = models.JSONField(default=list)  # names, for the page; paths on the server begin with /
    mapping = models.JSONField(default=dict)  # as `mapping.Mapping` writes it
    found = models.JSONField(default=dict)  # what the files hold, counted
    state = models.CharField(max_length=20, choices=State.choices, default=State.LOOKING)
    progress = models.FloatField(default=0.0)
    report = models.JSONField(default=dict)  # what came over and what did not, counted
    error = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.account}".strip()

    @property
    def goes_on(self) -> bool:
        return self.state in (self.State.LOOKING, self.State.RUNNING)


class Upload(models.Model):
    """A file that came by the page, until its import has ended."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=255)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class Origin(models.Model):
    """Where a row of ours came from: what is here already is not taken over again."""

    class Kind(models.TextChoices):
        CONVERSATION = "conversation"
        CONTACT = "contact"
        ORGANISATION = "organisation"
        USER = "user"

    system = models.CharField(max_length=20, choices=System.choices)
    account = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=100)
    target = models.BigIntegerField()  # id of our row
    # Of a conversation: keys of what was written in it there and is here, and when it was last changed there.
    parts = ArrayField(models.CharField(max_length=100), null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "account", "kind", "key"], name="taken_over_once"),
        ]
        indexes = [models.Index(fields=["kind", "target"], name="origin_target")]

    def __str__(self) -> str:
        return f"{self.system} {self.kind} {self.key}"


class Remark(models.Model):
    """Something that did not come over, or not as it was."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="remarks")
    about = models.CharField(max_length=200)  # such as "ticket 42" or "tickets.json, line 7"
    reason = models.CharField(max_length=60)  # a key of `reasons.REASONS`
    words = models.JSONField(default=dict)  # what stands in the reason's sentence

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "about", "reason"], name="a_remark_once")]

    def __str__(self) -> str:
        return f"{self.about}: {self.reason}"
