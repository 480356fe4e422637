"""Trying a version on some before it holds for all."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.customers.models import Contact
from answerable.policy.models.version import Version

if TYPE_CHECKING:
    from answerable.people.models import User


class Arm(models.TextChoices):
    """Which promise a customer's conversations begin under."""

    PILOT = "pilot", pgettext_lazy("arm of a test", "Pilot")
    CONTROL = "control", pgettext_lazy("arm of a test", "Control")


class PilotQuerySet(models.QuerySet["Pilot"]):
    def visible_to(self, user: "User") -> "PilotQuerySet":
        """The policy is the company's, and so are its tests: every member of staff with a team may read of them."""
        return self if user.team_ids else self.none()

    def open(self) -> "PilotQuerySet":
        """Being prepared, or running. There is at most one: a customer in two tests would tell nothing of either."""
        return self.filter(state__in=OPEN)


class Pilot(models.Model):
    """A test of a version on named staff and on customers who agreed, against the version in force.

    What would be tempting to choose after a look at the figures is written down before: what is compared, which
    difference would matter, when it ends, and who gets which promise (by lot, from a seed).
    """

    class State(models.TextChoices):
        PREPARING = "preparing", pgettext_lazy("pilot", "Being prepared")
        RUNNING = "running", pgettext_lazy("pilot", "Running")
        PROMOTED = "promoted", pgettext_lazy("pilot", "Promoted")
        ROLLED_BACK = "rolled_back", pgettext_lazy("pilot", "Rolled back")
        CANCELLED = "cancelled", pgettext_lazy("pilot", "Given up before it began")

    class Measure(models.TextChoices):
        FIRST_RESPONSE = "first_response", _("First responses within the standard")
        RESOLUTION = "resolution", _("Resolutions within the standard")
        CSAT = "csat", _("Customer satisfaction (CSAT)")

    version = models.ForeignKey(Version, models.PROTECT, related_name="pilots")
    control = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="+"
    )  # in force as it began
    state = models.CharField(max_length=20, choices=State.choices, default=State.PREPARING)
    reason = models.TextField()  # why it is tried
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    # Named beforehand.
    share = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # percent who get the pilot, by lot; none: everybody
    by_segment = models.BooleanField(default=False)  # the lot is balanced within each segment
    seed = models.CharField(max_length=64)
    measure = models.CharField(max_length=20, choices=Measure.choices, default=Measure.FIRST_RESPONSE)
    smallest = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(50)])  # points
    planned_end_on = models.DateField()

    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.TextField(blank=True)  # why it ended so
    verdict = models.JSONField(null=True, blank=True)  # what was known when it ended

    objects = PilotQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_pilot_runs"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="preparing"), name="one_pilot_is_prepared"),
        ]

    def __str__(self) -> str:
        return f"pilot of {self.version_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING


OPEN = (Pilot.State.PREPARING, Pilot.State.RUNNING)


class PilotStaff(models.Model):
    """Somebody who answers what is in the pilot. A pilot that names nobody is everybody's."""

    pilot = models.ForeignKey(Pilot, models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["user__name", "id"]
        constraints = [models.UniqueConstraint(fields=["pilot", "user"], name="a_person_once_a_pilot")]

    def __str__(self) -> str:
        return f"{self.user_id} in pilot {self.pilot_id}"


class PilotCustomerQuerySet(models.QuerySet["PilotCustomer"]):
    def taking_part(self) -> "PilotCustomerQuerySet":
        return self.exclude(agreed_at=None).filter(withdrawn_at=None)


class PilotCustomer(models.Model):
    """A customer and a pilot: asked, agreed, declined or withdrawn; and since the draw, in which arm.

    Nobody has an arm without having agreed. Who withdraws keeps theirs: if they come back, they are where they were.
    """

    class How(models.TextChoices):
        LINK = "link", pgettext_lazy("how a customer agreed", "By the link in a mail")
        MAIL = "mail", pgettext_lazy("how a customer agreed", "Wrote so")
        PHONE = "phone", pgettext_lazy("how a customer agreed", "By telephone")
        CONVERSATION = "conversation", pgettext_lazy("how a customer agreed", "Said so in a conversation")
        CONTRACT = "contract", pgettext_lazy("how a customer agreed", "In a contract")

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="customers")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="pilots")
    invited_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=20, choices=How.choices, blank=True)
    words = models.TextField(blank=True)  # where it can be read or heard, as who wrote it down says
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    stratum = models.CharField(max_length=60, blank=True)  # segment, where the lot is balanced within each
    place = models.PositiveIntegerField(null=True, blank=True)  # of the lot, from 0; none where all get the pilot
    arm = models.CharField(max_length=20, choices=Arm.choices, blank=True)  # empty until drawn

    objects = PilotCustomerQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            # Deferred: when two contacts turn out to be one, their rows change places.
            models.UniqueConstraint(
                fields=["pilot", "contact"], name="a_customer_once_a_pilot", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["pilot", "stratum", "place"], name="a_lot_is_drawn_once"),
            models.CheckConstraint(condition=Q(arm="") | Q(agreed_at__isnull=False), name="no_arm_without_consent"),
            models.CheckConstraint(condition=Q(agreed_at=None) | ~Q(how=""), name="consent_says_how"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(agreed_at__isnull=False), name="only_who_agreed_withdraws"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} in pilot {self.pilot_id}"

    @property
    def takes_part(self) -> bool:
        return self.agreed_at is not None and self.withdrawn_at is None
