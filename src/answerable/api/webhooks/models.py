"""Webhooks: whom we tell, how far each has been told, and every attempt."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import pgettext_lazy

from answerable.events.models import Event
from answerable.people.models import Team


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def current(self) -> "WebhookQuerySet":
        return self.filter(removed_at=None)

    def on(self) -> "WebhookQuerySet":
        return self.current().filter(stopped_at=None)


class Webhook(models.Model):
    """An address of somebody else's that is told what happens here."""

    name = models.CharField(max_length=100)
    url = models.CharField(max_length=1000)
    groups = ArrayField(models.CharField(max_length=30), default=list)  # keys of catalogue.GROUPS
    teams = models.ManyToManyField(Team, blank=True, related_name="+")  # with those below; none: everything
    sealed_secret = models.TextField()
    sealed_previous = models.TextField(blank=True)  # signs, too, until `previous_until`
    previous_until = models.DateTimeField(null=True, blank=True)
    secret_changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)  # switched off
    stopped_because = models.TextField(blank=True)  # empty: somebody wanted it so
    removed_at = models.DateTimeField(null=True, blank=True)

    # How it goes.
    failures = models.PositiveIntegerField(default=0)  # attempts in a row
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True)  # who sends its deliveries just now
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def reach(self) -> frozenset[int] | None:
        """Ids of the teams that were chosen and of those below them; None: everything. Remembered on this instance."""
        paths = list(self.teams.values_list("path", flat=True))
        below = (Team.objects.filter(path__startswith=path).values_list("pk", flat=True) for path in paths)
        return frozenset().union(*below) if paths else None


class Position(models.Model):
    """How far a webhook has been told: events that `seen` did not see are to come.

    While many are, they are taken in portions: those that `until` saw, in the order of their ids, after `after`.
    Both are snapshots as PostgreSQL writes them. Events up to `floor` bear transaction numbers of a database that
    was restored from (see events' migration 3), and `origin` says which database it is now.
    """

    webhook = models.OneToOneField(Webhook, models.CASCADE, primary_key=True, related_name="position")
    seen = models.TextField()
    until = models.TextField(blank=True)
    after = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)
    origin = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.webhook_id} at {self.seen}"


class Delivery(models.Model):
    """The outbox: one event for one webhook, as it is sent each time."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        DELIVERED = "delivered", pgettext_lazy("of a webhook", "Delivered")
        FAILED = "failed", pgettext_lazy("delivery", "Failed")  # given up

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    # Without a constraint, so that events can be looked after without us; none for a trial.
    event = models.ForeignKey(
        Event, models.DO_NOTHING, null=True, blank=True, db_constraint=False, db_index=False, related_name="+"
    )
    key = models.CharField(max_length=64)  # webhook-id: the same however often it is sent
    verb = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(default=timezone.now)  # from when it is given up in time
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["webhook", "due_at", "id"], name="webhook_due", condition=Q(state="waiting")),
            models.Index(fields=["webhook", "-id"], name="webhook_newest"),
            models.Index(fields=["created_at"], name="webhook_delivery_age", condition=~Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "event"], name="an_event_once_a_webhook", condition=Q(event__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} delivery of {self.verb}"


class Attempt(models.Model):
    """One request. Written before it is made; without `took_ms` it goes on, or whoever made it was killed."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # of HTTP; none where nothing came back
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    address = models.CharField(max_length=64, blank=True)  # we were connected to
    answer = models.TextField(blank=True)  # how it begins
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.status or self.error} at {self.at}"
