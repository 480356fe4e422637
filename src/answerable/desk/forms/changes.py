"""What can be changed about a conversation, and about many."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from answerable.desk.models import Macro, Priority, Status
from answerable.desk.snoozes import PRESETS, moment_of
from answerable.people.models import Team, User
from answerable.web.numbers import key_in

MOST_AT_ONCE = 500
NOUNS = ("assignment", "team", "status", "priority", "tags", "snooze", "spam", "macro")
"""What can be changed about many at once."""
NOT_SETTABLE = (Status.NEW, Status.MERGED, Status.BESIDE)
SETTABLE = [(status.value, status.label) for status in Status if status not in NOT_SETTABLE]


class AssignmentForm(forms.Form):
    """`to`: a colleague's id, empty for nobody."""

    to = forms.ModelChoiceField(
        User.objects.active(),
        required=False,
        label=_("Assign to"),
        error_messages={"invalid_choice": _("There is no such colleague.")},
    )


class TeamForm(forms.Form):
    """`to`: the id of the team that gets it, any of the company's."""

    to = forms.ModelChoiceField(
        Team.objects.filter(retired_at=None),
        label=_("Team"),
        error_messages={"invalid_choice": _("There is no such team.")},
    )


class StatusForm(forms.Form):
    to = forms.ChoiceField(
        choices=SETTABLE,
        label=_("Status"),
        error_messages={"invalid_choice": _("A conversation can't be set to that.")},
    )


class PriorityForm(forms.Form):
    to = forms.TypedChoiceField(
        choices=Priority.choices,
        coerce=int,
        label=_("Priority"),
        error_messages={"invalid_choice": _("There is no such priority.")},
    )


class LanguageForm(forms.Form):
    """`to`: the code of a language of ours; empty where it is none of them."""

    to = forms.ChoiceField(
        choices=[("", _("Another language")), *settings.LANGUAGES],
        required=False,
        label=_("Language"),
        error_messages={"invalid_choice": _("There is no such language.")},
    )


class TagsForm(forms.Form):
    """`tags`: words separated by commas; empty for none."""

    tags = forms.CharField(required=False, max_length=2000, label=_("Tags"))

    def clean_tags(self) -> list[str]:
        return [tag.strip() for tag in self.cleaned_data["tags"].split(",") if tag.strip()]


class SpamForm(forms.Form):
    """`to`: 1 where it is spam; empty where it is none."""

    to = forms.BooleanField(required=False)


class MacroChoiceForm(forms.Form):
    """`to`: the id of a macro in use."""

    to = forms.ModelChoiceField(
        Macro.objects.filter(retired_at=None),
        label=_("Macro"),
        error_messages={"invalid_choice": _("There is no such macro.")},
    )


class SnoozeForm(forms.Form):
    """`preset`, or `until` in the reader's own time; neither wakes it."""

    preset = forms.ChoiceField(
        choices=[(key, key) for key in PRESETS],
        required=False,
        label=_("Until"),
        error_messages={"invalid_choice": _("There is no such time to choose.")},
    )
    until = forms.DateTimeField(
        required=False,
        label=_("Until"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": _("Give a date and a time, such as 2026-11-30 09:00.")},
    )

    def clean(self) -> dict[str, Any]:
        """`until` is when to wake it, whichever way it was said; none for now."""
        cleaned = super().clean() or {}
        if preset := cleaned.get("preset"):
            cleaned["until"] = moment_of(preset, timezone.now())
        return cleaned


class IdsField(forms.Field):
    """Ids of rows, each once; at most MOST_AT_ONCE."""

    default_error_messages = {
        "required": _("Select at least one conversation."),
        "invalid": _("Something other than conversations was selected."),
        "too_many": ngettext_lazy("Select at most %d conversation.", "Select at most %d conversations.", MOST_AT_ONCE),
    }
    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[int]:
        ids = list(dict.fromkeys(value or []))
        numbers = [number for pk in ids if isinstance(pk, str) and (number := key_in(pk)) is not None]
        if len(numbers) < len(ids):
            raise forms.ValidationError(self.error_messages["invalid"], "invalid")
        if len(ids) > MOST_AT_ONCE:
            raise forms.ValidationError(self.error_messages["too_many"] % MOST_AT_ONCE, "too_many")
        return numbers


class SelectionForm(forms.Form):
    """What to do with which conversations: those of `ids`, or with `all` those of a queue or with these words.
    `change` is the noun whose form reads the rest."""

    ids = IdsField(required=False)
    all = forms.BooleanField(required=False)
    queue = forms.CharField(required=False, max_length=40)
    q = forms.CharField(required=False, max_length=200)
    change = forms.ChoiceField(
        choices=[(name, name) for name in NOUNS],
        error_messages={
            "invalid_choice": _("Choose what to do with them."),
            "required": _("Choose what to do with them."),
        },
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("all") and not cleaned.get("ids") and "ids" not in self.errors:
            self.add_error("ids", self.fields["ids"].error_messages["required"])
        return cleaned
