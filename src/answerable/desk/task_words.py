"""What happened to tasks, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from answerable.events.models import Event


def _said(template: Promise) -> Callable[[Event, Any], str]:
    def say(event: Event, _names: Any) -> str:
        who = str(event.actor) if event.actor_id else _("The system")
        return str(template) % {"who": who, "text": event.particulars.get("text", "")}

    return say


def _checklist(event: Event, _names: Any) -> str:
    number = int(event.particulars.get("tasks") or 0)
    return ngettext(
        "The checklist “%(name)s” was added: %(number)s task",
        "The checklist “%(name)s” was added: %(number)s tasks",
        number,
    ) % {"name": event.particulars.get("name", ""), "number": number}


TASKS: Mapping[str, tuple[str, Callable[[Event, Any], str]]] = {
    "checklist.added": ("clipboard-list", _checklist),
    "task.added": ("clipboard-list", _said(gettext_lazy("%(who)s added a task: %(text)s"))),
    "task.changed": ("clipboard-list", _said(gettext_lazy("%(who)s changed a task: %(text)s"))),
    "task.finished": ("clipboard-check", _said(gettext_lazy("%(who)s did a task: %(text)s"))),
    "task.reopened": ("clipboard-list", _said(gettext_lazy("%(who)s reopened a task: %(text)s"))),
    "task.removed": ("clipboard-list", _said(gettext_lazy("%(who)s removed a task: %(text)s"))),
    "task.fell_due": ("alarm-clock", _said(gettext_lazy("A task is due: %(text)s"))),
}
