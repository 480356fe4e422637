"""Who is there to be given work, as it was told last. What was before stands in the events `presence.changed`."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from answerable.core.presence import Cause, Signs
from answerable.core.presence import State as Known

if TYPE_CHECKING:
    from answerable.people.models.user import User


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: "User") -> "AttendanceQuerySet":
        """Who is there is known to those who see a team of theirs, and to themselves."""
        seen = models.Q(user__memberships__team__in=user.team_ids) | models.Q(user=user)
        return self.filter(seen).distinct()


class Attendance(models.Model):
    """Somebody's presence: the state everybody sees, and the signs it was read from (see core/presence.py)."""

    class State(models.TextChoices):
        ONLINE = Known.ONLINE.value, pgettext_lazy("presence", "Online")
        BREAK = Known.BREAK.value, pgettext_lazy("presence", "On a break")
        AWAY = Known.AWAY.value, pgettext_lazy("presence", "Away")
        OFF = Known.OFF.value, pgettext_lazy("presence", "Off")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="attendance")
    state = models.CharField(max_length=10, choices=State.choices, default=State.AWAY)
    cause = models.CharField(max_length=10, default=Cause.SILENT.value)  # a core.presence.Cause
    since = models.DateTimeField(default=timezone.now)  # of the state

    chosen = models.CharField(max_length=10, choices=State.choices, default=State.ONLINE)
    chosen_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True)  # a page of theirs was open
    active_at = models.DateTimeField(null=True, blank=True)  # they did something on it
    missed_at = models.DateTimeField(null=True, blank=True)  # they let something lapse that was offered to them
    asked_until = models.DateTimeField(null=True, blank=True)  # until when something waits for their word

    objects = AttendanceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id} is {self.state}"

    @property
    def signs(self) -> Signs:
        """As `core.presence` reads them."""
        return Signs(Known(self.chosen), self.chosen_at, self.connected_at, self.active_at, self.missed_at)

    @property
    def words(self) -> str:
        """Why they are not online; nothing where there is no more to say than the state."""
        return {
            Cause.ROTA.value: _("by the rota"),
            Cause.ABSENCE.value: _("by an absence"),
            Cause.SILENT.value: _("no page is open"),
            Cause.IDLE.value: _("nothing done for ten minutes"),
            Cause.MISSED.value: _("an offer went by"),
        }.get(self.cause, "")
