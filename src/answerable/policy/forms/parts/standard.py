"""Standards: promises to customers."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.policy import ALWAYS, ClockKind
from answerable.core.policy.positions import Path
from answerable.core.policy.standard import PAUSING
from answerable.core.policy.touched import Part
from answerable.policy.editing.workshop import with_present
from answerable.policy.forms.parts.amounts import UNITS, read_within, written_within
from answerable.policy.forms.parts.conditions import condition_fields, condition_values
from answerable.policy.forms.parts.part import PartForm, strings
from answerable.policy.names import CLOCKS, RESTS, key_name

REGIONAL = "regional"


class StandardForm(PartForm):
    """A promise as a sentence, the clock that holds the company to it, and for which conversations."""

    part = Part.STANDARD
    template = "policy/parts/standard.html"

    clock = forms.ChoiceField(label=_("What the clock waits for"), choices=list(CLOCKS.items()))
    amount = forms.IntegerField(label=pgettext_lazy("a promise", "Within"), min_value=1, max_value=999_999)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    hours = forms.ChoiceField(
        label=_("Counted in"), help_text=_("In business hours a day is a working day, and closed hours don't count.")
    )
    otherwise = forms.ChoiceField(label=_("For regions without hours of their own"), required=False)
    objective = forms.ChoiceField(label=_("Objective"))
    escalation = forms.ChoiceField(
        label=_("Escalation"), required=False, help_text=_("Who is told as the time is used up.")
    )
    pauses = forms.MultipleChoiceField(
        label=_("The clock rests"),
        required=False,
        choices=list(RESTS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self, data: QueryDict | None) -> None:
        """The promise has a field for each language."""
        self.add_spoken("promise", _("The promise, as customers read it"))
        self.fields |= condition_fields(self.workshop, self.present.get("when"))
        present = {name: str(self.present.get(name, "")) for name in ("hours", "otherwise", "objective", "escalation")}
        own = self.workshop.choices(Part.HOURS)
        regional = (REGIONAL, str(_("the hours of the customer's region")))
        business = next((key for key, _name in own), ALWAYS)
        self._choices("hours", with_present([*self.workshop.hours, regional], [present["hours"]]))
        self._choices("otherwise", with_present(own, [present["otherwise"]]))
        self._choices("objective", with_present(self.workshop.choices(Part.OBJECTIVE), [present["objective"]]))
        chains = [(key, key_name(key)) for key, _name in self.workshop.choices(Part.ESCALATION)]
        self._choices("escalation", [("", _("nobody")), *with_present(chains, [present["escalation"]])])
        clock = str(self.present.get("clock", ClockKind.FIRST_RESPONSE))
        time = read_within(self.present.get("within"))
        pauses = self.present.get("pauses", list(PAUSING) if clock == ClockKind.RESOLUTION else [])
        self.initial.update(
            {
                **present,
                "hours": present["hours"] or business,
                "clock": clock,
                "amount": time.amount if time else self.present.get("within"),
                "unit": str(time.unit) if time else "hours",
                "pauses": strings(pauses),
            }
        )

    def _choices(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Regional hours need some for the other regions."""
        cleaned = super().clean() or {}
        if cleaned.get("hours") == REGIONAL and not cleaned.get("otherwise"):
            self.add_error("otherwise", _("Choose the hours for customers of other regions."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What it says, with the settings that may be left out."""
        cleaned = self.cleaned_data
        hours = cleaned["hours"]
        return {
            "objective": cleaned["objective"],
            "clock": cleaned["clock"],
            "within": written_within(cleaned["amount"], cleaned["unit"], hours, self.present.get("within")),
            "hours": hours,
            "otherwise": cleaned["otherwise"] if hours == REGIONAL else None,
            "when": condition_values(cleaned),
            "escalation": cleaned["escalation"] or None,
            "pauses": self._pauses(cleaned["clock"], cleaned["pauses"]),
            "promise": self.spoken_value("promise"),
        }

    def _pauses(self, clock: str, chosen: list[str]) -> list[str] | None:
        """None where the document says the same without it."""
        usual = list(PAUSING) if clock == ClockKind.RESOLUTION else []
        present = strings(self.present["pauses"]) if "pauses" in self.present else None
        if present is not None and set(present) == set(chosen):
            return present
        return None if chosen == usual else chosen

    def new_key(self) -> str:
        """The clock and what is special about it."""
        when = condition_values(self.cleaned_data) or {}
        special = (value for values in when.values() for value in values or () if value != "email")
        return " ".join([self.cleaned_data["clock"].replace("_", " "), *special])

    def place(self, tail: Path) -> str | None:
        """The time is written in two fields, conditions in one each."""
        name = str(tail[0]) if tail else ""
        if name == "within":
            return "amount"
        if name == "promise":
            code = str(tail[1]) if len(tail) > 1 else self.workshop.languages[0]
            return f"promise_{code}" if f"promise_{code}" in self.fields else None
        if name == "when" and len(tail) > 1:
            return f"when_{tail[1]}" if f"when_{tail[1]}" in self.fields else None
        return super().place(tail)
