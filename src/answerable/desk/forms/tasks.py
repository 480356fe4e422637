"""Tasks, and the lists of them that are put on conversations."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.desk.models import Checklist, Inbox, Task
from answerable.people.models import Team, User

LONGEST_TASK = 300
MOST_OF_A_CHECKLIST = 30


class TaskForm(forms.Form):
    """`due_at` is in the reader's own time."""

    text = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=LONGEST_TASK,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    assignee = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("By whom"),
        required=False,
        empty_label=gettext_lazy("Whoever has the conversation"),
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": gettext_lazy("Give a date and a time, such as 2026-11-30 09:00.")},
    )
    required = forms.BooleanField(label=gettext_lazy("Must be done before the conversation is solved"), required=False)

    def __init__(self, data: Any, *, people: "QuerySet[User]", task: Task | None = None) -> None:
        known = {name: getattr(task, name) for name in ("text", "assignee", "due_at", "required")} if task else {}
        super().__init__(data, initial=known)
        assignee = self.fields["assignee"]
        assert isinstance(assignee, forms.ModelChoiceField)
        assignee.queryset = people


class ChecklistForm(forms.Form):
    """`teams`: those the user writes for; `for_all`: whether they may also write for everybody."""

    name = forms.CharField(max_length=100, label=pgettext_lazy("of a thing", "Name"))
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("For"))
    texts = forms.CharField(
        label=gettext_lazy("Tasks"),
        help_text=gettext_lazy("One a line."),
        max_length=MOST_OF_A_CHECKLIST * (LONGEST_TASK + 2),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    required = forms.BooleanField(
        label=gettext_lazy("Each must be done before the conversation is solved"), required=False
    )
    due_hours = forms.IntegerField(
        label=gettext_lazy("Due so many hours after it was added"), min_value=1, max_value=24 * 366, required=False
    )
    inboxes = forms.ModelMultipleChoiceField(
        Inbox.objects.none(),
        label=gettext_lazy("Added by itself to what comes in by"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any, *, teams: "QuerySet[Team]", for_all: bool, inboxes: "QuerySet[Inbox]", row: Checklist | None
    ) -> None:
        super().__init__(data, initial=_known(row))
        team, places = self.fields["team"], self.fields["inboxes"]
        assert isinstance(team, forms.ModelChoiceField)
        assert isinstance(places, forms.ModelMultipleChoiceField)
        team.queryset, team.required = teams, not for_all
        team.empty_label = str(_("Everybody")) if for_all else None
        places.queryset = inboxes

    def clean_texts(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["texts"].splitlines() if line.strip()]
        if len(lines) > MOST_OF_A_CHECKLIST:
            raise forms.ValidationError(_("At most %(most)s tasks.") % {"most": MOST_OF_A_CHECKLIST})
        if long := next((line for line in lines if len(line) > LONGEST_TASK), ""):
            raise forms.ValidationError(
                _("“%(line)s…” is longer than %(most)s letters.") % {"line": long[:40], "most": LONGEST_TASK}
            )
        if twice := _twice(lines):
            raise forms.ValidationError(_("“%(line)s” stands there twice.") % {"line": twice})
        return lines


def _twice(lines: Iterable[str]) -> str:
    seen: set[str] = set()
    for line in lines:
        if line in seen:
            return line
        seen.add(line)
    return ""


def _known(row: Checklist | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "name": row.name,
        "team": row.team_id,
        "texts": "\n".join(row.texts),
        "required": row.required,
        "due_hours": row.due_hours,
        "inboxes": [inbox.pk for inbox in row.inboxes.all()],
    }
