"""What is asked of a rehearsal: which draft, beside which policy, on what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from answerable.core.policy import PolicyErrors, compile_policy
from answerable.insight.forms import EARLIEST, LATEST, LONGEST_DAYS
from answerable.insight.names import channels
from answerable.insight.rehearsing.starting import Days, Upload
from answerable.measure.public_holidays import holidays_of
from answerable.policy.models import Version
from answerable.web.channels import channel_name

LARGEST_FILE = 64 * 1024 * 1024  # bytes
USUAL_DAYS = 90


class VersionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A version by title, number and state."""

    def label_from_instance(self, version: Version) -> str:
        return f"{version.title} v{version.number} ({version.get_state_display()})"


class RehearsalForm(forms.Form):
    """The desk's own days, or a file. `on` is what was chosen."""

    draft = VersionChoice(label=_("Rehearse"), queryset=Version.objects.none(), empty_label=None)
    against = VersionChoice(
        label=pgettext_lazy("a policy to compare with", "Beside"), queryset=Version.objects.none(), empty_label=None
    )
    first = forms.DateField(
        label=_("Conversations begun from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=pgettext_lazy("the last day", "to and with"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    file = forms.FileField(
        label=_("Or a file of another help desk"),
        required=False,
        help_text=_("An export of conversations or an event log: CSV, JSON, Parquet, XLSX or XES, up to 64 MB."),
    )
    channel = forms.ChoiceField(
        label=_("Its channel, where the file does not say"), required=False, choices=[("", _("As in the file"))]
    )
    answered = forms.CharField(
        label=_("Its activities that mean an answer"),
        required=False,
        max_length=500,
        help_text=_("Of an event log only, separated by commas; guessed where it is left empty."),
    )
    solved = forms.CharField(label=_("Its activities that mean a solution"), required=False, max_length=500)

    on: Days | Upload | None = None

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = Version.objects.exclude(state=Version.State.DISCARDED).order_by("-number")
        self._field("draft").queryset = versions
        self._field("against").queryset = versions
        self._field("channel").choices = [
            ("", _("As in the file")),
            *((name, channel_name(name)) for name in channels()),
        ]
        for name, day in (("first", today - timedelta(days=USUAL_DAYS - 1)), ("last", today)):
            self.fields[name].initial = day

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def clean_file(self) -> Any:
        """A file that is not too large."""
        file = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 64 MB. Rehearse it with answerable policy rehearse."))
        return file

    def clean(self) -> dict[str, Any]:
        """Both documents run, and there is something to rehearse them on."""
        cleaned: dict[str, Any] = super().clean() or {}
        draft, against = cleaned.get("draft"), cleaned.get("against")
        if draft is not None and draft == against:
            self.add_error("against", _("That is the same version. Choose another to compare with."))
        found = [
            (name, version, _mistakes(version)) for name, version in (("draft", draft), ("against", against)) if version
        ]
        for name, _version, errors in found:
            if errors is not None:
                self.add_error(
                    name, _("This document has mistakes and cannot run yet: %s") % errors.errors[0].said.by(gettext)
                )
        self.on = self._upload(cleaned) if cleaned.get("file") else self._days(cleaned)
        return cleaned

    def _days(self, cleaned: dict[str, Any]) -> Days | None:
        first, last = cleaned.get("first"), cleaned.get("last")
        if "first" in self.errors or "last" in self.errors or "file" in self.errors:
            return None
        if first is None or last is None:
            self.add_error("last" if first else "first", _("Choose a first and a last day, or a file."))
        elif not (EARLIEST <= first <= LATEST and EARLIEST <= last <= LATEST):
            self.add_error("first", _("Choose days between 2000 and 2100."))
        elif last < first:
            self.add_error("last", _("The last day is before the first."))
        elif (last - first).days >= LONGEST_DAYS:
            self.add_error("last", _("A rehearsal covers at most three years."))
        else:
            return Days(first, last)
        return None

    def _upload(self, cleaned: dict[str, Any]) -> Upload:
        file = cleaned["file"]
        named = {"answered": cleaned.get("answered", ""), "solved": cleaned.get("solved", "")}
        activities = {
            role: [each.strip() for each in names.split(",") if each.strip()] for role, names in named.items()
        }
        reading = {
            "assumed": {"channel": cleaned["channel"]} if cleaned.get("channel") else {},
            "activities": {role: names for role, names in activities.items() if names},
        }
        return Upload(file.name, file.read(), reading)


def _mistakes(version: Version) -> PolicyErrors | None:
    """What keeps a version from running; a draft may be unfinished."""
    try:
        compile_policy(version.document, holidays=holidays_of)
    except PolicyErrors as errors:
        return errors
    return None
