"""Who has it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from answerable.desk.happenings.names import Names
from answerable.desk.happenings.saying import Told, number, said, team, user
from answerable.events.models import Event

LEFT = said(_("%(name)s has left: it waits for somebody else"), name=user("before"))
GIVEN_UP = said(_("%(who)s took it from %(name)s; nobody has it"), name=user("before"))
TAKEN = said(_("%(who)s took it"))
GIVEN = said(_("%(who)s assigned it to %(name)s"), name=user("to"))


def _assigned(event: Event, names: Names) -> str:
    to = event.particulars.get("to")
    if event.particulars.get("because") == "left":
        return LEFT(event, names)
    if to is None:
        return GIVEN_UP(event, names)
    return TAKEN(event, names) if to == event.actor_id else GIVEN(event, names)


HANDS: Told = {
    "conversation.assigned": ("user-check", _assigned),
    "conversation.moved": (
        "users",
        said(_("%(who)s moved it from %(before)s to %(team)s"), before=team("before"), team=team("to")),
    ),
    "conversation.offered": ("bell", said(_("It was offered to %(name)s"), name=user("to"))),
    "conversation.passed": ("arrow-right", said(_("%(name)s let it go to the next"), name=user("to"))),
    "conversation.lapsed": ("hourglass", said(_("%(name)s did not answer the offer in time"), name=user("to"))),
    "conversation.overflowed": (
        "alarm-clock",
        said(
            ngettext_lazy(
                "Nobody of %(team)s took it within %(minutes)s minute",
                "Nobody of %(team)s took it within %(minutes)s minutes",
                "minutes",
            ),
            team=team("before"),
            minutes=number("minutes"),
        ),
    ),
}
