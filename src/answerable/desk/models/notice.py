"""What a colleague should look at, and who is looking at what."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answerable.desk.models.clock import Clock
from answerable.desk.models.conversation import Conversation

LOST = gettext_lazy("A message did not arrive")
SAID: Mapping[str, Promise] = {
    "mention": gettext_lazy("You are mentioned"),
    "assignment": gettext_lazy("It is yours now"),
    "missed_offer": gettext_lazy("It was offered to you and went to the next"),
    **dict.fromkeys(("failed", "bounced", "refused"), LOST),
    "message": gettext_lazy("%(who)s has written in what you follow"),
    "aside": gettext_lazy("%(who)s, whom you asked, has answered"),
    "task": gettext_lazy("A task is yours: %(text)s"),
    "task_due": gettext_lazy("A task is due: %(text)s"),
}
"""What most kinds say; filled in with the particulars."""

AUTOMATIC = ("macro", "rule", "cut_rule", "broken_rule")
ICONS = {
    "mention": "at-sign",
    "assignment": "user-check",
    "praise": "heart",
    "broken_rule": "triangle-alert",
    **dict.fromkeys(("rule", "macro", "cut_rule"), "zap"),
    **dict.fromkeys(("task", "task_due"), "clipboard-check"),
}


class Notice(models.Model):
    """Something a colleague should look at: a mention, an assignment, an escalation; or hear: praise."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    conversation = models.ForeignKey(  # none where somebody is praised: that leads to the praise
        Conversation, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    # mention, assignment, message, aside, missed_offer, escalation, macro, rule; failed, bounced, refused; praise;
    # broken_rule, cut_rule; task, task_due
    kind = models.CharField(max_length=20)
    particulars = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)  # told by e-mail, too

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="notice_of_user")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"

    @property
    def icon(self) -> str:
        return ICONS.get(self.kind, "alarm-clock")

    @property
    def address(self) -> str:
        """The page to look at: the place in its conversation, the rule, or the praise."""
        about = self.particulars
        if self.kind == "broken_rule":
            return reverse("rule", args=[about["rule"]])
        if self.conversation_id is None:
            return reverse("praise-words", args=[about["praise"]])
        place = next((f"#{noun}-{about[noun]}" for noun in ("message", "task") if about.get(noun)), "")
        return reverse("conversation", args=[self.conversation_id]) + place

    @property
    def words(self) -> str:
        """What it says to whom it is for."""
        if self.kind in SAID:
            return str(str(SAID[self.kind]) % self.particulars)
        if self.kind in AUTOMATIC:
            return self._automatic_words()
        if self.kind == "praise":
            return _("%(who)s praises you") % {"who": self.particulars.get("who", "")}
        kind, absent = self.particulars.get("kind"), self.particulars.get("instead_of")
        if kind not in Clock.Kind.values:
            return _("A promise needs you")
        clock = Clock.Kind(kind).label
        if absent:
            return _("A promise needs you, who stand in for %(absent)s: %(clock)s") % {"clock": clock, "absent": absent}
        return _("A promise needs you: %(clock)s") % {"clock": clock}

    def _automatic_words(self) -> str:
        """Of what macros and rules tell, and of rules that do not work."""
        about = self.particulars
        name = {"name": about.get("name") or about.get(self.kind, "")}
        said = {
            "macro": _("The macro “%(name)s” calls you"),
            "rule": _("The rule “%(name)s” calls you"),
            "cut_rule": _("The rule “%(name)s” runs in a circle and was cut"),
            "broken_rule": _("The rule “%(name)s” can’t be carried out and is switched off"),
        }
        return str(about.get("words") or said[self.kind] % name)


STALE_AFTER = timedelta(seconds=30)
"""Pages say every fifteen seconds that they are open; one that crashed or sleeps is gone after two it owes."""
TYPING_LASTS = timedelta(seconds=20)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def fresh(self) -> "PresenceQuerySet":
        """Of who looks now, who typed last first, each with the user."""
        seen = self.filter(seen_at__gte=timezone.now() - STALE_AFTER).select_related("user")
        return seen.order_by(F("typed_at").desc(nulls_last=True), "user_id")


class Presence(models.Model):
    """Who is looking at a conversation, and when they typed an answer last. Stale after half a minute."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    typed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="a_presence_a_person_and_conversation")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.conversation_id}"

    @property
    def is_typing(self) -> bool:
        """Not long ago: a page that crashes never says that it stopped."""
        return self.typed_at is not None and timezone.now() - self.typed_at < TYPING_LASTS
