"""What rules and macros did."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answerable.desk.happenings.names import Names
from answerable.desk.happenings.saying import Told, given, said, who
from answerable.events.models import Event


def _rule_fired(event: Event, names: Names) -> str:
    """Where all it did are events of their own, nothing more is said."""
    told = [pk for outcome in event.particulars.get("outcomes") or () for pk in outcome.get("told", ())]
    if not told:
        return ""
    return _("%(who)s notified %(names)s") % {"who": who(event), "names": ", ".join(names.user(pk) for pk in told)}


BY_ITSELF: Told = {
    "rule.fired": ("zap", _rule_fired),
    "rule.cut": ("ban", said(gettext_lazy("%(who)s was not applied again: rules ran in a circle"))),
    "macro.applied": ("zap", said(gettext_lazy("%(who)s applied the macro “%(macro)s”"), macro=given("name"))),
    "macro.taken_back": ("undo-2", said(gettext_lazy("%(who)s took the macro “%(macro)s” back"), macro=given("name"))),
}
