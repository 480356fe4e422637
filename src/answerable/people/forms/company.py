from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from answerable.people.zones import countries, time_zones


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
