"""What is asked of a conversation besides its words, and how the company says what it asks."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from answerable.desk.details import controls
from answerable.desk.models import Conversation, Field

MOST_CHOICES = 200
LONGEST_CHOICE = 100
CHOSEN = (Field.Kind.CHOICE, Field.Kind.SEVERAL)


class DetailsForm(forms.Form):
    """All fields, with what is known for them. `values` afterwards: field -> its value as text."""

    def __init__(self, data: QueryDict | None, *, rows: Sequence[Field], conversation: Conversation) -> None:
        known = {f"field_{key}": value for key, value in conversation.details.items()}
        super().__init__(data, initial=known)
        self.rows = rows
        self.needed_later = {f"field_{row.pk}" for row in rows if row.required_at}  # before it is solved
        self.fields.update(controls(rows, get_language() or ""))
        for control in list(self.fields.values())[:1]:
            control.widget.attrs["autofocus"] = True
        for row in rows:  # a choice that is no longer offered stays one for who has it
            value = conversation.details.get(str(row.pk), "")
            control = self.fields[f"field_{row.pk}"]
            if isinstance(control, forms.ChoiceField):
                gone = [(each, each) for each in value.split("\n") if each and each not in row.choices]
                control.choices = [*control.choices, *gone]  # type: ignore[misc]

    @property
    def values(self) -> dict[Field, str]:
        return {row: self.cleaned_data[f"field_{row.pk}"] for row in self.rows}


class FieldForm(forms.Form):
    """A field. What it is called and offers in other languages is asked for each of them."""

    name = forms.CharField(max_length=100, label=pgettext_lazy("of a thing", "Name"))
    kind = forms.ChoiceField(choices=Field.Kind.choices, label=gettext_lazy("What is written into it"))
    choices = forms.CharField(
        required=False,
        max_length=MOST_CHOICES * (LONGEST_CHOICE + 2),
        label=gettext_lazy("Choices"),
        help_text=gettext_lazy("One a line. Only for a field with several choices."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_required = forms.BooleanField(
        required=False, label=gettext_lazy("Must be known before a conversation is solved")
    )

    def __init__(self, data: QueryDict | None, *, field: Field | None, language: str) -> None:
        super().__init__(data, initial=_known(field))
        self.language = language
        self.others = [(key, name) for key, name in settings.LANGUAGES if key != language]
        for key, _name in self.others:
            self.fields[f"name_{key}"] = forms.CharField(
                required=False, max_length=100, label=pgettext_lazy("of a thing", "Name")
            )
            self.fields[f"choices_{key}"] = forms.CharField(
                required=False,
                max_length=MOST_CHOICES * (LONGEST_CHOICE + 2),
                label=gettext_lazy("Choices"),
                help_text=_("In the same order, one a line."),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        if field is not None:
            self.fields["kind"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_choice = cleaned.get("kind") in CHOSEN
        lines = _lines(cleaned.get("choices", "")) if is_choice else []
        if is_choice:
            self._check_choices(lines)
        for key, _name in self.others:
            said = _lines(cleaned.get(f"choices_{key}", "")) if is_choice else []
            if said and len(said) != len(lines):
                self.add_error(
                    f"choices_{key}",
                    _("%(here)s lines here, and %(there)s choices: each choice needs its line.")
                    % {"here": len(said), "there": len(lines)},
                )
        return cleaned

    def _check_choices(self, lines: Sequence[str]) -> None:
        if len(lines) < 2:
            self.add_error("choices", _("Give two choices at least."))
        if len(lines) > MOST_CHOICES:
            self.add_error("choices", _("At most %(most)s choices.") % {"most": MOST_CHOICES})
        for line in lines:
            if len(line) > LONGEST_CHOICE:
                self.add_error("choices", _("A choice has at most %(most)s letters.") % {"most": LONGEST_CHOICE})
        if twice := _twice(lines):
            self.add_error("choices", _("“%(choice)s” stands there twice.") % {"choice": twice})

    @property
    def its_own(self) -> list[forms.BoundField]:
        return [self["name"], self["kind"], self["is_required"]]

    @property
    def in_others(self) -> list[tuple[str, forms.BoundField, forms.BoundField, bool]]:
        """By language: its name, the field's name and choices in it, and whether something stands in them."""
        found = []
        for key, language in self.others:
            name, choices = self[f"name_{key}"], self[f"choices_{key}"]
            is_open = any(one.value() or one.errors for one in (name, choices))
            found.append((language, name, choices, is_open))
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """As `write_field` takes them."""
        given = self.cleaned_data
        is_choice = given["kind"] in CHOSEN
        return {
            "name": given["name"],
            "kind": given["kind"],
            "is_required": given["is_required"],
            "names": {key: given[f"name_{key}"] for key, _name in self.others if given[f"name_{key}"]},
            "choices": _lines(given["choices"]) if is_choice else [],
            "choices_in": {key: said for key, _name in self.others if (said := _lines(given[f"choices_{key}"]))}
            if is_choice
            else {},
        }


def _known(field: Field | None) -> dict[str, Any]:
    if field is None:
        return {}
    known: dict[str, Any] = {"name": field.name, "kind": field.kind, "choices": "\n".join(field.choices)}
    known["is_required"] = field.required_at is not None
    known |= {f"name_{key}": name for key, name in field.names.items()}
    return known | {f"choices_{key}": "\n".join(said) for key, said in field.choices_in.items()}


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _twice(lines: Iterable[str]) -> str:
    seen: set[str] = set()
    for line in lines:
        if line.casefold() in seen:
            return line
        seen.add(line.casefold())
    return ""
