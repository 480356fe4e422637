"""What a review decides, and when the next one is."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from answerable.people.errors import Refused
from answerable.policy.actions.reviews import LONGEST_WORDS, check_day
from answerable.policy.models import Review


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _to_come(on: date) -> date:
    try:
        check_day(on)
    except Refused as refusal:
        raise ValidationError(str(refusal)) from None
    return on


class DecisionForm(forms.Form):
    """Keep, change or retire, and why. `seen` is the decision before it that the page showed."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=Review.Decision.choices,
        widget=forms.RadioSelect,
        help_text=_("To change or to retire it begins a draft, in which you write what is to be different."),
        error_messages={"required": _("Choose what becomes of it.")},
    )
    words = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept with the decision, for whoever asks later."),
        error_messages={"required": _("Write why.")},
    )
    next_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        widget=_day(),
        help_text=_("Empty: after the interval the policy says, if it says one."),
        error_messages={"invalid": _("Write the day like 2027-03-31.")},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_next_on(self) -> date | None:
        on: date | None = self.cleaned_data["next_on"]
        return on and _to_come(on)


class DateForm(forms.Form):
    on = forms.DateField(
        label=_("Review it on"),
        widget=_day(),
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day like 2027-03-31.")},
    )

    def clean_on(self) -> date:
        return _to_come(self.cleaned_data["on"])
