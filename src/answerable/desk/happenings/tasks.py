"""What happened to tasks."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from answerable.desk.happenings.saying import Filling, Sentence, Told, number, said


def _words(name: str) -> Filling:
    return lambda event, _names: event.particulars.get(name, "")


def _about(template: Promise) -> Sentence:
    """`text` is the task's."""
    return said(template, text=_words("text"))


TASKS: Told = {
    "checklist.added": (
        "clipboard-list",
        said(
            ngettext_lazy(
                "The checklist “%(name)s” was added: %(number)s task",
                "The checklist “%(name)s” was added: %(number)s tasks",
                "number",
            ),
            name=_words("name"),
            number=number("tasks"),
        ),
    ),
    "task.added": ("clipboard-list", _about(_("%(who)s added a task: %(text)s"))),
    "task.changed": ("clipboard-list", _about(_("%(who)s changed a task: %(text)s"))),
    "task.finished": ("clipboard-check", _about(_("%(who)s did a task: %(text)s"))),
    "task.reopened": ("clipboard-list", _about(_("%(who)s reopened a task: %(text)s"))),
    "task.removed": ("clipboard-list", _about(_("%(who)s removed a task: %(text)s"))),
    "task.fell_due": ("alarm-clock", _about(_("A task is due: %(text)s"))),
}
