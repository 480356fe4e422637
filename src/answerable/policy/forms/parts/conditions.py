"""Which conversations an element is for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.policy.editing.workshop import Workshop, with_present
from answerable.policy.forms.parts.part import strings

LABELS = {
    "channel": _("Channel"),
    "priority": _("Priority"),
    "segment": _("Segment"),
    "region": _("Region"),
    "language": _("Language"),
    "team": _("Team"),
}


def condition_fields(workshop: Workshop, present: object) -> dict[str, forms.Field]:
    """A field each, ``when_channel`` and so on; nothing chosen accepts everything."""
    when = present if isinstance(present, Mapping) else {}
    fields: dict[str, forms.Field] = {}
    for name, label in LABELS.items():
        values = strings(when.get(name))
        if name == "region":
            fields["when_region"] = forms.CharField(
                label=label,
                required=False,
                initial=", ".join(values),
                max_length=300,
                help_text=_("Such as LV or GE-TB; several with commas between them."),
            )
            continue
        choices = with_present(workshop.accepted[name], values)
        if choices:
            fields[f"when_{name}"] = forms.MultipleChoiceField(
                label=label,
                required=False,
                initial=values,
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
            )
    return fields


def condition_values(cleaned: Mapping[str, Any]) -> dict[str, list[str] | None] | None:
    """What ``when`` says; None where every conversation is meant."""
    found: dict[str, list[str]] = {}
    for name in LABELS:
        value = cleaned.get(f"when_{name}") or []
        values = [each.strip() for each in value.split(",")] if isinstance(value, str) else list(value)
        if values := [each for each in dict.fromkeys(values) if each]:
            found[name] = values
    return dict(found) or None
