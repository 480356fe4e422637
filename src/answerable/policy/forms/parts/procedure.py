"""Procedures: how an objective is reached, step by step."""

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.policy.positions import Path
from answerable.core.policy.touched import Part
from answerable.policy.editing.rows import RowForm, Rows
from answerable.policy.editing.workshop import with_present
from answerable.policy.forms.parts.conditions import condition_fields, condition_values
from answerable.policy.forms.parts.part import PartForm, spoken_texts, spoken_written
from answerable.policy.mistakes import mistake_words
from answerable.policy.names import language_name


class TextForm(RowForm):
    """A step in the policy's own language and in others. `kept` is whether the document had it as a table."""

    def __init__(self, *args: Any, languages: tuple[str, ...], **given: Any) -> None:
        super().__init__(*args, **given)
        self.languages = languages
        for code in languages:
            own = code == languages[0]
            self.fields[f"text_{code}"] = forms.CharField(
                label=pgettext_lazy("a procedure", "Step") if own else language_name(code),
                required=own,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 1, "lang": code}),
            )

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in any language."""
        return not any(str(self[f"text_{code}"].value() or "").strip() for code in self.languages)

    @property
    def own(self) -> forms.BoundField:
        return self[f"text_{self.languages[0]}"]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[f"text_{code}"] for code in self.languages[1:]]

    @property
    def is_open(self) -> bool:
        return any(field.errors for field in self.others)

    def text(self) -> Any:
        """As the document has it."""
        cleaned = {code: " ".join(self.cleaned_data.get(f"text_{code}", "").split()) for code in self.languages}
        return spoken_written({code: text for code, text in cleaned.items() if text}, None, self.languages[0])


class ProcedureForm(PartForm):
    """What agents do, in order, for the conversations it is for."""

    telling: ClassVar[tuple[str, ...]] = ()
    part = Part.PROCEDURE
    template = "policy/parts/procedure.html"

    objective = forms.ChoiceField(label=_("Objective"))

    def prepare(self, data: QueryDict | None) -> None:
        """Title and steps have a field for each language."""
        self.add_spoken("title", pgettext_lazy("of a procedure", "Title"), rows=1, longest=120)
        self.fields |= condition_fields(self.workshop, self.present.get("when"))
        objective = str(self.present.get("objective", ""))
        field = self.fields["objective"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = with_present(self.workshop.choices(Part.OBJECTIVE), [objective])
        self.initial["objective"] = objective
        steps = self.present.get("steps")
        own = self.workshop.languages[0]
        texts = [spoken_texts(each, own) for each in steps] if isinstance(steps, list) else []
        languages = tuple(dict.fromkeys((*self.workshop.languages, *(code for each in texts for code in each))))
        initial = [{f"text_{code}": text for code, text in each.items()} for each in texts]
        self.rows["steps"] = Rows(TextForm, "steps", data, initial, languages=languages)

    def is_valid(self) -> bool:
        """A procedure has at least one step."""
        valid = super().is_valid()
        if not self.rows["steps"].used:
            self.rows["steps"].errors.append(str(_("Add the first step.")))
            return False
        return valid

    def values(self) -> dict[str, Any]:
        """What it says."""
        steps = [form.text() for form in self.rows["steps"].used if isinstance(form, TextForm)]
        present = self.present.get("steps")
        return {
            "objective": self.cleaned_data["objective"],
            "title": self.spoken_value("title"),
            "when": condition_values(self.cleaned_data),
            "steps": present if _same(present, steps, self.workshop.languages[0]) else steps,
        }

    def new_key(self) -> str:
        """The beginning of its title."""
        return str(self.cleaned_data[f"title_{self.workshop.languages[0]}"])

    def place(self, tail: Path) -> str | None:
        """Conditions and the title have a field for each value and language."""
        name = str(tail[0]) if tail else ""
        if name in ("when", "title"):
            full = f"{name}_{tail[1] if len(tail) > 1 else self.workshop.languages[0]}"
            return full if full in self.fields else None
        return super().place(tail)

    def refuse(self, error: Any, tail: Path) -> None:
        """A step's mistake stands at the step."""
        if tail[:1] == ("steps",):
            words = mistake_words(error)
            place = tail[1] if len(tail) > 1 and isinstance(tail[1], int) else len(self.rows["steps"])
            code = tail[2] if len(tail) > 2 else self.workshop.languages[0]
            self.rows["steps"].refuse(place, f"text_{code}", words)
        else:
            super().refuse(error, tail)


def _same(present: object, steps: list[Any], own: str) -> bool:
    """Whether the document says these steps already, in its own way."""
    if not isinstance(present, list):
        return False
    return [spoken_texts(each, own) for each in present] == [spoken_texts(each, own) for each in steps]
