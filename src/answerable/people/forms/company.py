"""The company, as a form."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from answerable.people.zones import countries, time_zones

LARGEST_SPAN = 500


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("Company"), max_length=200)
    country = forms.ChoiceField(
        label=_("Country"), choices=countries, required=False, help_text=_("Its public holidays are the company's.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Business hours are told in it.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Used where a customer's own is not known.")
    )
    swaps_by_themselves = forms.BooleanField(
        label=_("Colleagues swap shifts without a lead's word"),
        required=False,
        help_text=_("A shift changes hands as soon as the colleague takes it."),
    )
    span_low = forms.IntegerField(label=_("People a lead leads, at least"), min_value=1, max_value=LARGEST_SPAN)
    span_high = forms.IntegerField(
        label=_("People a lead leads, at most"),
        min_value=1,
        max_value=LARGEST_SPAN,
        help_text=_("The page of the structure says where a lead has fewer or more."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("span_low"), cleaned.get("span_high")
        if low and high and low > high:
            self.add_error("span_high", _("This can't be less than the number above."))
        return cleaned
