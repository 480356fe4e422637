"""What is asked of an administrator about messengers."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.channels.instant.models import Gateway
from answerable.channels.vault import Locked
from answerable.people.models import Team

KEPT = _("Leave it empty to keep the one there is.")


class SecretField(forms.CharField):
    """Typed in, and never shown again."""

    def __init__(self, **more: Any) -> None:
        widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"})
        super().__init__(strip=True, max_length=1000, widget=widget, **more)


class GatewayForm(forms.Form):
    """How a messenger is connected. A messenger's own form adds its fields; those named in `secret` are sealed."""

    secret: ClassVar[tuple[str, ...]] = ()
    """Names of fields that are secrets."""
    naming: ClassVar[str]
    """The field that people call the gateway by; its value can't be changed, since an inbox has that name."""

    base_url = forms.CharField(
        label=_("Address of its interface"), max_length=500, validators=[URLValidator(schemes=["http", "https"])]
    )

    def __init__(self, *arguments: Any, gateway: Gateway, **more: Any) -> None:
        self.gateway = gateway
        known = {**gateway.facts, "base_url": gateway.base_url} if gateway.pk else {}
        super().__init__(*arguments, **{"initial": known, **more})
        for name in self.secret if gateway.pk else ():
            self.fields[name].required, self.fields[name].help_text = False, KEPT
        self.fields[self.naming].disabled = bool(gateway.pk)

    def clean_base_url(self) -> str:
        return str(self.cleaned_data["base_url"]).rstrip("/")

    @property
    def facts(self) -> dict[str, Any]:
        """What is no secret: as it was, with what was asked for."""
        asked = {name: value for name, value in self.cleaned_data.items() if name not in (*self.secret, "base_url")}
        return {**self.gateway.facts, **asked}

    @property
    def secrets(self) -> dict[str, str]:
        """As they were, with those that were typed in."""
        given = {name: self.cleaned_data[name] for name in self.secret if self.cleaned_data[name]}
        return {**self.made_secrets(), **self._known_secrets(), **given}

    def _known_secrets(self) -> dict[str, str]:
        """None of another server's, whose key is not here: they are made and typed in anew."""
        try:
            return self.gateway.secrets if self.gateway.pk else {}
        except Locked:
            return {}

    def made_secrets(self) -> dict[str, str]:
        """Secrets that we make ourselves, the first time."""
        return {}

    @property
    def called(self) -> str:
        """What people call this gateway."""
        return str(self.cleaned_data[self.naming])


class LineForm(forms.Form):
    """An account of ours and its inbox. `wanted` is asked only where a gateway has several."""

    wanted = forms.CharField(label=_("Account"), max_length=100)
    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"), max_length=100, help_text=_("Customers see it with each answer.")
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), help_text=_("It gets what comes in by this account.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As the customer writes")), *settings.LANGUAGES],
        required=False,
        help_text=_("For customers whose own is not known."),
    )
    region = forms.CharField(label=_("Region"), max_length=60, required=False)

    def __init__(self, *arguments: Any, asks_account: str = "", **more: Any) -> None:
        super().__init__(*arguments, **more)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.filter(retired_at=None)
        if asks_account:
            self.fields["wanted"].help_text = asks_account
        else:
            del self.fields["wanted"]
