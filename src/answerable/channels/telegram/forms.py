"""What an administrator tells about their bot."""

import re
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.channels.instant.forms import GatewayForm, SecretField

BASE_URL = "https://api.telegram.org"
TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{20,80}")


class TelegramForm(GatewayForm):
    secret = ("token",)
    naming = "bot"

    bot = forms.CharField(
        label=_("Name of the bot"), max_length=64, help_text=_("As people find it, such as example_bot.")
    )
    token = SecretField(label=_("Token"), help_text=_("BotFather gives it when you make the bot."))
    field_order = ["bot", "token", "base_url"]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["base_url"].initial = BASE_URL

    def clean_bot(self) -> str:
        name = str(self.cleaned_data["bot"]).strip().removeprefix("@")
        if not re.fullmatch(r"[A-Za-z0-9_]{3,64}", name):
            raise forms.ValidationError(_("Letters, digits and _ only."))
        return name

    def clean_token(self) -> str:
        token = str(self.cleaned_data["token"])
        if token and not TOKEN.fullmatch(token):
            raise forms.ValidationError(_("That is no token: it looks like 123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11."))
        return token

    def made_secrets(self) -> dict[str, str]:
        return {"hook": secrets.token_urlsafe(32)}

    @property
    def called(self) -> str:
        return f"@{super().called}"
