"""Objectives."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.policy.positions import Path
from answerable.core.policy.touched import Part
from answerable.policy.editing.workshop import with_present
from answerable.policy.forms.parts.amounts import REVIEW_UNITS, TARGET_UNITS, split, written
from answerable.policy.forms.parts.part import PartForm
from answerable.policy.names import KPIS


class ObjectiveForm(PartForm):
    """What the company wants, which sentence of its mission that serves, by how much, and who answers for it."""

    part = Part.OBJECTIVE
    template = "policy/parts/objective.html"

    sentence = forms.CharField(
        label=_("Objective"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence that can be found true or false."),
    )
    serves = forms.ChoiceField(label=_("Which sentence of the mission it serves"), widget=forms.RadioSelect)
    kpi = forms.ChoiceField(label=_("Measured by"), choices=list(KPIS.items()))
    amount = forms.DecimalField(label=_("Target"), localize=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=TARGET_UNITS)
    owner = forms.ChoiceField(
        label=_("Who answers for it"),
        required=False,
        help_text=_("They are reminded when it is to be looked at again."),
    )
    every = forms.IntegerField(
        label=pgettext_lazy("an objective", "Looked at again every"), required=False, min_value=1, max_value=1000
    )
    every_unit = forms.ChoiceField(label=_("Unit"), choices=REVIEW_UNITS, required=False)

    def prepare(self, data: QueryDict | None) -> None:
        """What it serves is chosen from the mission."""
        serves, owner = str(self.present.get("serves", "")), str(self.present.get("owner", ""))
        self._choices("serves", with_present(self.workshop.mission, [" ".join(serves.split())]))
        self._choices("owner", [("", _("nobody yet")), *with_present(self.workshop.staff, [owner])])
        amount, unit = split(self.present.get("target"))
        every, every_unit = split(self.present.get("review_every"))
        self._choices("unit", with_present(TARGET_UNITS, [unit]))
        self.initial.update(
            {
                "sentence": self.present.get("sentence", ""),
                "serves": " ".join(serves.split()),
                "kpi": self.present.get("kpi", "first_response"),
                "amount": amount,
                "unit": unit or "working hours",
                "owner": owner,
                "every": every,
                "every_unit": every_unit or "months",
            }
        )

    def _choices(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def values(self) -> dict[str, Any]:
        """Who answers for it and how often it is looked at may be left out."""
        cleaned = self.cleaned_data
        serves = cleaned["serves"]
        if serves == " ".join(str(self.present.get("serves", "")).split()):
            serves = self.present["serves"]
        every = Decimal(cleaned["every"]) if cleaned["every"] else None
        return {
            "sentence": " ".join(cleaned["sentence"].split()),
            "serves": serves,
            "kpi": cleaned["kpi"],
            "target": written(cleaned["amount"], cleaned["unit"], self.present.get("target")),
            "owner": cleaned["owner"] or None,
            "review_every": written(every, cleaned["every_unit"] or "months", self.present.get("review_every"))
            if every
            else None,
        }

    def new_key(self) -> str:
        """The beginning of its sentence."""
        return str(self.cleaned_data["sentence"])

    def place(self, tail: Path) -> str | None:
        """The target is written in two fields, and so is the time between reviews."""
        name = str(tail[0]) if tail else ""
        return {"target": "amount", "review_every": "every"}.get(name) or super().place(tail)
