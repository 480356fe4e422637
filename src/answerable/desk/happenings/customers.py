"""What customers did and said."""

from django.utils.translation import gettext_lazy as _

from answerable.desk.happenings.names import Names
from answerable.desk.happenings.saying import Told, given, said
from answerable.events.models import Event

RATED = said(_("The customer rated it: %(score)s of 5"), score=given("score"))
RATED_ANEW = said(
    _("The customer rated it anew: %(score)s of 5 instead of %(before)s"), score=given("score"), before=given("before")
)
COMMENTED = said(_("The customer says about it: “%(comment)s”"), comment=given("comment"))


def _rated(event: Event, names: Names) -> str:
    return (RATED if event.particulars.get("before") is None else RATED_ANEW)(event, names)


def _commented(event: Event, names: Names) -> str:
    return COMMENTED(event, names) if event.particulars.get("comment") else ""


CUSTOMERS: Told = {
    "conversation.chat_left": ("log-out", said(_("The customer has left the chat"))),
    "conversation.rated": ("star", _rated),
    "conversation.commented": ("quote", _commented),
    "conversation.complained": (
        "frown",
        said(_("The customer complained; conversation #%(number)s is about it"), number=given("follow_up")),
    ),
}
