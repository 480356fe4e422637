"""One's own profile, as a form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from answerable.people.models import Theme, User
from answerable.people.zones import time_zones


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=150, help_text=_("As colleagues and customers see it."), strip=True
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices, widget=forms.RadioSelect)
    escalation_mail = forms.BooleanField(
        label=_("Mail me when a promise needs me"),
        required=False,
        help_text=_("At most one mail in ten minutes about the same conversation."),
    )

    @classmethod
    def of(cls, person: User, data: Mapping[str, Any] | None = None) -> "ProfileForm":
        """Filled with what somebody has now."""
        return cls(data, initial={field: getattr(person, field) for field in cls.base_fields})
