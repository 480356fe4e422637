"""Contacts and their addresses, as forms."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from answerable.customers.models import Address, Contact, Organisation, Segment

NOT_KNOWN = [("", _("not known"))]


class ContactForm(forms.Form):
    mostly_optional = True  # so it is not said of each
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.all(), required=False, empty_label="–"
    )
    segment = forms.ModelChoiceField(
        label=_("Segment"),
        queryset=Segment.objects.all(),
        required=False,
        empty_label="–",
        help_text=_("Without one of their own, their organisation's counts."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[*NOT_KNOWN, *settings.LANGUAGES], required=False)
    region = forms.CharField(
        label=_("Region"),
        max_length=60,
        required=False,
        help_text=_("As the policy names it, such as LV or GE-TB."),
    )
    notes = forms.CharField(
        label=_("Notes"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def of(cls, contact: Contact, data: Mapping[str, Any] | None = None) -> "ContactForm":
        initial = {name: getattr(contact, name) for name in cls.base_fields}
        return cls(data, initial=initial)


class NewContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    address = forms.EmailField(label=_("E-mail address"))


class AddressForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Address.Kind.choices)
    value = forms.CharField(label=_("Address or number"), max_length=320)


class MergeForm(forms.Form):
    """Whom to merge: a contact by number."""

    absorbed = forms.ModelChoiceField(queryset=Contact.objects.current())
