"""What has changed about it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from answerable.desk.happenings.names import Names
from answerable.desk.happenings.saying import Told, choice, given, instant, is_by_nobody, said, who
from answerable.desk.models import Priority, Status
from answerable.events.models import Event
from answerable.policy.models import Arm

FOLLOWS = said(gettext_lazy("This follows up on conversation #%(number)s"), number=given("follows"))
BEGUN = said(gettext_lazy("%(who)s began this conversation"))
REOPENED = said(gettext_lazy("%(who)s reopened it"))
REOPENED_BY_A_MESSAGE = said(gettext_lazy("The customer's message reopened it"))
SET = said(gettext_lazy("%(who)s set it to %(status)s"), status=choice(Status, "to"))
SET_BY_ITSELF = said(gettext_lazy("It is %(status)s again"), status=choice(Status, "to"))
WOKEN = said(gettext_lazy("%(who)s brought it back into the queues"))
WOKEN_BY_ITSELF = said(gettext_lazy("Its time has come: it is back in the queues"))


def _opened(event: Event, names: Names) -> str:
    if event.particulars.get("follows"):
        return FOLLOWS(event, names)
    return BEGUN(event, names) if event.actor_id else ""


def _solver(event: Event, names: Names) -> str:
    """Who ends a chat is the customer."""
    return _("The customer") if event.actor_id is None and "contact" in event.particulars else who(event)


def _reopened(event: Event, names: Names) -> str:
    return (REOPENED_BY_A_MESSAGE if is_by_nobody(event) else REOPENED)(event, names)


def _status_changed(event: Event, names: Names) -> str:
    return (SET_BY_ITSELF if is_by_nobody(event) else SET)(event, names)


def _woken(event: Event, names: Names) -> str:
    return (WOKEN if event.actor_id else WOKEN_BY_ITSELF)(event, names)


def _tagged(event: Event, names: Names) -> str:
    added, removed = event.particulars.get("added") or [], event.particulars.get("removed") or []
    added_words = ngettext("%(who)s added the tag %(tags)s", "%(who)s added the tags %(tags)s", len(added))
    removed_words = ngettext("%(who)s removed the tag %(tags)s", "%(who)s removed the tags %(tags)s", len(removed))
    told = ((added_words, added), (removed_words, removed))
    return "; ".join(words % {"who": who(event), "tags": ", ".join(tags)} for words, tags in told if tags)


def _language(event: Event, names: Names) -> str:
    languages: Mapping[str, Any] = dict(settings.LANGUAGES)
    return str(languages.get(str(event.particulars.get("to")), _("Another language")))


def _copied(event: Event, names: Names) -> str:
    """Who put whom on copy: a customer does it by the mail they write."""
    before, after = event.particulars.get("before") or [], event.particulars.get("to") or []
    by = event.particulars.get("contact") or who(event)
    told = (
        (_("%(who)s put on copy: %(addresses)s"), [each for each in after if each not in before]),
        (_("%(who)s took off copy: %(addresses)s"), [each for each in before if each not in after]),
    )
    return "; ".join(words % {"who": by, "addresses": ", ".join(found)} for words, found in told if found)


def _sent_to(event: Event, names: Names) -> str:
    return ", ".join(event.particulars.get("to") or ())


def _details(event: Event, names: Names) -> str:
    changes = event.particulars.get("changes") or ()
    return "; ".join(_("%(field)s: %(value)s") % {"field": one["name"], "value": one["to"] or "—"} for one in changes)


def _piloted(event: Event, names: Names) -> str:
    number = {"number": event.particulars.get("version")}
    if event.particulars.get("arm") == Arm.PILOT:
        return _("It was taken into the pilot of version %(number)s of the policy") % number
    return _("It is compared with the pilot of version %(number)s of the policy") % number


CHANGES: Told = {
    "conversation.opened": ("inbox", _opened),
    "conversation.imported": (
        "database",
        said(
            gettext_lazy("It was taken over from %(system)s, where its number was %(number)s"),
            system=given("system"),
            number=given("number"),
        ),
    ),
    "conversation.reimported": (
        "database",
        said(gettext_lazy("What was new in %(system)s was taken over"), system=given("system")),
    ),
    "conversation.status_changed": ("circle-dot", _status_changed),
    "conversation.solved": ("check", said(gettext_lazy("%(who)s solved it"), who=_solver)),
    "conversation.closed": ("archive", said(gettext_lazy("%(who)s closed it"))),
    "conversation.reopened": ("rotate-ccw", _reopened),
    "conversation.prioritised": (
        "flag",
        said(
            gettext_lazy("%(who)s changed the priority from %(before)s to %(to)s"),
            before=choice(Priority, "before"),
            to=choice(Priority, "to"),
        ),
    ),
    "conversation.tagged": ("tag", _tagged),
    "conversation.language_changed": (
        "languages",
        said(gettext_lazy("%(who)s said what it is written in: %(language)s"), language=_language),
    ),
    "conversation.snoozed": (
        "hourglass",
        said(gettext_lazy("%(who)s put it aside until %(time)s"), time=instant("until")),
    ),
    "conversation.woken": ("alarm-clock", _woken),
    "conversation.copied": ("users", _copied),
    "conversation.detailed": ("pencil", said(gettext_lazy("%(who)s wrote down: %(details)s"), details=_details)),
    "conversation.marked_spam": ("ban", said(gettext_lazy("%(who)s marked it as spam"))),
    "conversation.unmarked_spam": ("rotate-ccw", said(gettext_lazy("%(who)s says it is no spam"))),
    "conversation.piloted": ("split", _piloted),
    "message.undone": ("undo-2", said(gettext_lazy("%(who)s took a reply back before it left"))),
    "message.sent_again": (
        "send",
        said(gettext_lazy("%(who)s sent the message again, to %(address)s"), address=_sent_to),
    ),
}
