"""Organisations and segments, as forms."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.customers.models import Organisation, Segment

DOMAIN = re.compile(r"(?!-)[^\s@/,;:.]{1,63}(\.[^\s@/,;:.]{1,63})+")
# Providers whose addresses say nothing about where somebody works.
PUBLIC = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com",
    "aol.com", "proton.me", "protonmail.com", "gmx.com", "gmx.de", "web.de", "mail.com", "inbox.lv", "mail.ru",
    "yandex.ru", "yandex.kz", "bk.ru", "list.ru", "rambler.ru", "mail.kz",
}  # fmt: skip


class OrganisationForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=200)
    domains = forms.CharField(
        label=_("Domains of its e-mail addresses"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as harbour.example. Whoever writes from them belongs to it."),
    )
    segment = forms.ModelChoiceField(
        label=_("Segment"), queryset=Segment.objects.all(), required=False, empty_label="–"
    )
    notes = forms.CharField(
        label=_("Notes"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def of(cls, organisation: Organisation, data: Mapping[str, Any] | None = None) -> "OrganisationForm":
        initial = {name: getattr(organisation, name) for name in cls.base_fields}
        return cls(data, initial=initial | {"domains": "\n".join(organisation.domains)})

    def clean_domains(self) -> list[str]:
        written = re.split(r"[\s,;]+", self.cleaned_data["domains"].strip().lower())
        domains = list(dict.fromkeys(domain.removeprefix("@") for domain in written if domain))
        for domain in domains:
            if not DOMAIN.fullmatch(domain) or len(domain) > 253:
                raise forms.ValidationError(
                    _("“%(domain)s” is not a domain. Write it like harbour.example."), params={"domain": domain}
                )
            if domain in PUBLIC:
                raise forms.ValidationError(
                    _("%(domain)s is a mail provider: its addresses belong to all kinds of people."),
                    params={"domain": domain},
                )
        return domains


class SegmentForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)
