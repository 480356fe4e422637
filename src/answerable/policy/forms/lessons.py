"""Questions on a version: answered, and written."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from answerable.policy.actions.questions import MOST_CHOICES
from answerable.policy.models import Question

FEWEST_CHOICES = 2


class LessonForm(forms.Form):
    """The questions of a version, and the word of whoever answers them."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[_name(question)] = _field(question)
        self.fields["understood"] = forms.BooleanField(
            label=_("I have read what changed, and I work by it."),
            error_messages={"required": _("Tick this when you have read it.")},
        )

    @property
    def answers(self) -> dict[int, list[int]]:
        """Places of the choices taken, by the question's number."""
        return {
            question.pk: [int(place) for place in _listed(self.cleaned_data[_name(question)])]
            for question in self.questions
        }

    def refuse(self, wrong: Iterable[int]) -> None:
        """Say beside each of these questions why the answer is not right."""
        for question in self.questions:
            if question.pk in wrong:
                self.add_error(_name(question), question.explanation or str(_("Not quite. Read the change again.")))


class QuestionForm(forms.Form):
    """A question with up to six choices, each of which may be right."""

    text = forms.CharField(label=_("Question"), max_length=500)
    explanation = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Told to whoever answers wrongly, before they answer again."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        if question is not None:
            kwargs["initial"] = _initial(question)
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_CHOICES + 1):
            about = {"number": number}
            self.fields[f"choice_{number}"] = forms.CharField(
                label=_("Choice %(number)d") % about, max_length=300, required=False
            )
            self.fields[f"right_{number}"] = forms.BooleanField(
                label=_("Choice %(number)d is right") % about, required=False
            )

    @property
    def rows(self) -> list[tuple[BoundField, BoundField]]:
        """Each choice with the tick beside it."""
        return [(self[f"choice_{number}"], self[f"right_{number}"]) for number in range(1, MOST_CHOICES + 1)]

    def clean(self) -> dict[str, Any]:
        """`choices` without the empty ones, and the places of those that are `right`."""
        cleaned = super().clean() or {}
        choices: list[str] = []
        right: list[int] = []
        for number in range(1, MOST_CHOICES + 1):
            text, is_right = cleaned.get(f"choice_{number}") or "", cleaned.get(f"right_{number}")
            if text in choices:
                self.add_error(f"choice_{number}", ValidationError(_("This choice is there already.")))
            elif text:
                if is_right:
                    right.append(len(choices))
                choices.append(text)
            elif is_right:
                self.add_error(f"choice_{number}", ValidationError(_("Write the choice that is right.")))
        if not self.errors and len(choices) < FEWEST_CHOICES:
            self.add_error("choice_2", ValidationError(_("Give at least two choices.")))
        if not self.errors and not right:
            self.add_error("choice_1", ValidationError(_("Tick at least one choice that is right.")))
        return {**cleaned, "choices": choices, "right": right}

    @property
    def said(self) -> dict[str, Any]:
        """What the question is to be."""
        return {name: self.cleaned_data[name] for name in ("text", "choices", "right", "explanation")}


def _name(question: Question) -> str:
    return f"question-{question.pk}"


def _field(question: Question) -> forms.ChoiceField | forms.MultipleChoiceField:
    choices = [(str(place), text) for place, text in enumerate(question.choices)]
    missing = {"required": _("Choose an answer.")}
    if question.has_one_answer:
        return forms.ChoiceField(label=question.text, choices=choices, widget=forms.RadioSelect, error_messages=missing)
    return forms.MultipleChoiceField(
        label=question.text,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("More than one may be right."),
        error_messages=missing,
    )


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _initial(question: Question) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "text": question.text,
        "explanation": question.explanation,
        "revision": question.revision,
    }
    for place, choice in enumerate(question.choices):
        initial[f"choice_{place + 1}"] = choice
        initial[f"right_{place + 1}"] = place in question.right
    return initial
