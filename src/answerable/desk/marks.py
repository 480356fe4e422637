"""What stands at a conversation that is in a test of the policy, for whoever works on it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.core.policy import ClockKind
from answerable.core.policy.words import within_words
from answerable.desk.actions.clocks import facts_of
from answerable.desk.models import Clock, Conversation
from answerable.policy.models import Arm, PilotCustomer, PilotStaff
from answerable.policy.running import compiled
from answerable.web.standing import Given, Standing

WHOSE = Standing(
    lambda: (
        PilotCustomer.objects.filter(pk=Given("key"))
        .select_related("pilot__version")
        .defer("pilot__version__document", "pilot__reason", "pilot__verdict")
    )
)
STAFF = Standing(lambda: PilotStaff.objects.filter(pilot=Given("pilot")).values_list("user_id"))
KINDS = (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION)


@dataclass(frozen=True)
class Mark:
    """`number`: of the pilot. `staff`: the ids of those who should answer, while it is they."""

    number: int
    label: str
    tone: str
    promises: str = ""
    staff: frozenset[int] = frozenset()

    @property
    def asks_for_staff(self) -> bool:
        return bool(self.staff)


def pilot_mark(conversation: Conversation) -> Mark | None:
    """None, and no query, where it is in no pilot. Two queries where it is."""
    if not conversation.pilot_arm:
        return None
    whose = WHOSE.first(key=conversation.pilot_customer_id)
    assert whose is not None
    pilot, number = whose.pilot, {"number": whose.pilot.version.number}
    if conversation.pilot_arm == Arm.CONTROL:
        return Mark(pilot.pk, _("Compared with the pilot of version %(number)s") % number, "outline")
    if not pilot.is_running:
        return Mark(pilot.pk, _("Was in the pilot of version %(number)s") % number, "outline")
    if not whose.takes_part:
        return Mark(pilot.pk, _("Has left the pilot of version %(number)s") % number, "outline")
    staff = frozenset(user for (user,) in STAFF.values(pilot=pilot.pk))
    label = _("Pilot of version %(number)s") % number
    return Mark(pilot.pk, label, "info", _promises(conversation, pilot.version_id), staff)


def _promises(conversation: Conversation, version_id: int) -> str:
    """What the tried version promises this conversation, such as “First response: 2 working hours”."""
    policy, facts = compiled(version_id), facts_of(conversation)
    found = [(kind, policy.standard_for(kind, facts)) for kind in KINDS]
    return " · ".join(
        f"{Clock.Kind(kind).label}: {within_words(match.standard.within, ngettext=ngettext)}"
        for kind, match in found
        if match is not None
    )
