"""What an administrator tells about their homeserver."""

import re
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.channels.instant.forms import GatewayForm
from answerable.channels.matrix.names import LOCALPART

DOMAIN = re.compile(r"[a-z0-9.-]{1,230}(:[0-9]{1,5})?|\[[0-9a-f:.]{2,45}\](:[0-9]{1,5})?")


class MatrixForm(GatewayForm):
    naming = "domain"

    domain = forms.CharField(
        label=_("Server name"), max_length=236, help_text=_("What stands behind the colon in its users' names.")
    )
    localpart = forms.CharField(
        label=_("Name of our user"),
        max_length=60,
        initial="service",
        help_text=_("People write to it, as in @service:example.com. Others of ours begin with it and a hyphen."),
    )
    field_order = ["domain", "base_url", "localpart"]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["base_url"].help_text = _("Where Matrix programs connect to, such as https://matrix.example.com.")
        self.fields["localpart"].disabled = bool(self.gateway.pk)  # rooms and the homeserver's own file name it

    def clean_domain(self) -> str:
        domain = str(self.cleaned_data["domain"]).strip().lower()
        if not DOMAIN.fullmatch(domain):
            raise forms.ValidationError(_("Give the name only, such as example.com."))
        return domain

    def clean_localpart(self) -> str:
        name = str(self.cleaned_data["localpart"]).strip().lower()
        if not LOCALPART.fullmatch(name):
            raise forms.ValidationError(_("Small letters, digits and . _ = / + - only."))
        return name

    def made_secrets(self) -> dict[str, str]:
        return {"as_token": secrets.token_urlsafe(32), "hs_token": secrets.token_urlsafe(32)}
