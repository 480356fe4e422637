"""Regional profiles: what differs for customers of a region."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.policy.positions import Path
from answerable.core.policy.touched import Part
from answerable.policy.editing.workshop import with_present
from answerable.policy.forms.parts.amounts import TARGET_UNITS, split, written
from answerable.policy.forms.parts.part import PartForm
from answerable.policy.names import language_name


class RegionForm(PartForm):
    """Hours, language, tone and targets of a region."""

    part = Part.REGION
    template = "policy/parts/region.html"

    code = forms.CharField(
        label=pgettext_lazy("of a region", "Code"),
        max_length=60,
        help_text=_("As contacts have it, such as LV or GE-TB."),
    )
    hours = forms.ChoiceField(label=_("Business hours"), required=False)
    language = forms.ChoiceField(label=_("Language to write in"), required=False)

    def prepare(self, data: QueryDict | None) -> None:
        """Title and tone have a field for each language, targets two for each objective."""
        if self.element is not None:
            del self.fields["code"]
        self.add_spoken("title", pgettext_lazy("of a region", "Name"), rows=1, longest=120)
        self.add_spoken("tone", _("Tone and expectations"), required=False, rows=3, longest=1000)
        hours, language = str(self.present.get("hours", "")), str(self.present.get("language", ""))
        known = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
        self._choices(
            "hours", [("", _("the same as elsewhere")), *with_present(self.workshop.choices(Part.HOURS), [hours])]
        )
        self._choices("language", [("", _("the customer's own")), *with_present(known, [language])])
        self.initial.update({"hours": hours, "language": language})
        targets = self.present.get("targets")
        self.targets = targets if isinstance(targets, dict) else {}
        for key, sentence in self.workshop.choices(Part.OBJECTIVE):
            amount, unit = split(self.targets.get(key))
            self.fields[f"target_{key}"] = forms.DecimalField(
                label=sentence, required=False, initial=amount, localize=False
            )
            self.fields[f"unit_{key}"] = forms.ChoiceField(
                label=_("Unit"),
                required=False,
                initial=unit or self._usual_unit(key),
                choices=with_present(TARGET_UNITS, [unit]),
            )

    def _usual_unit(self, key: str) -> str:
        element = self.workshop.manuscript.element(Part.OBJECTIVE, key)
        return split(element.values.get("target"))[1] if element else ""

    def _choices(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def target_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Number and unit for each objective."""
        return [
            (self[name], self[f"unit_{name.removeprefix('target_')}"])
            for name in self.fields
            if name.startswith("target_")
        ]

    def values(self) -> dict[str, Any]:
        """What differs there; what is left empty is as everywhere."""
        cleaned = self.cleaned_data
        targets = {
            key: written(cleaned.get(f"target_{key}"), cleaned.get(f"unit_{key}") or "", self.targets.get(key))
            for key, _sentence in self.workshop.choices(Part.OBJECTIVE)
        }
        targets = {key: target for key, target in targets.items() if target}
        return {
            "title": self.spoken_value("title"),
            "hours": cleaned["hours"] or None,
            "language": cleaned["language"] or None,
            "tone": self.spoken_value("tone"),
            "targets": targets or None,
        }

    def new_key(self) -> str:
        """Its code, as contacts have it."""
        return str(self.cleaned_data["code"]).strip()

    def place(self, tail: Path) -> str | None:
        """Texts have a field for each language, targets one for each objective."""
        name = str(tail[0]) if tail else ""
        if name in ("title", "tone"):
            full = f"{name}_{tail[1] if len(tail) > 1 else self.workshop.languages[0]}"
        elif name == "targets" and len(tail) > 1:
            full = f"target_{tail[1]}"
        else:
            full = "code" if name == "key" else name
        return full if full in self.fields else None
