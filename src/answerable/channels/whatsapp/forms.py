"""What an administrator tells about their number."""

import re
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.channels.instant.forms import GatewayForm, SecretField

BASE_URL = "https://graph.facebook.com/v23.0"


class WhatsAppForm(GatewayForm):
    secret = ("token", "app_secret")
    naming = "phone"

    phone = forms.CharField(label=_("Telephone number"), max_length=30, help_text=_("As customers dial it, with a +."))
    number_id = forms.RegexField(
        r"^[0-9]{5,30}$",
        label=_("Number's ID"),
        help_text=_("Meta's panel shows it beside the number (phone number ID)."),
    )
    token = SecretField(label=_("Access token"), help_text=_("Of a system user, so that it does not run out."))
    app_secret = SecretField(label=_("App secret"), help_text=_("It signs what comes."))
    template = forms.RegexField(
        r"^[a-z0-9_]{1,512}$",
        required=False,
        label=_("Template for later than 24 hours"),
        help_text=_("An approved one without blanks to fill in: it asks the customer to write again."),
    )
    template_language = forms.RegexField(
        r"^[A-Za-z_]{2,10}$", required=False, initial="en", label=_("Its language"), help_text=_("Such as en or lv.")
    )
    field_order = ["phone", "number_id", "token", "app_secret", "template", "template_language", "base_url"]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["base_url"].initial = BASE_URL

    def clean_phone(self) -> str:
        digits = re.sub(r"[\s().-]", "", str(self.cleaned_data["phone"]))
        if not re.fullmatch(r"\+[0-9]{5,15}", digits):
            raise forms.ValidationError(_("Give it with its country, such as +371 67000000."))
        return digits

    def made_secrets(self) -> dict[str, str]:
        return {"verify": secrets.token_urlsafe(24)}
