"""A new token, as a form."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.api.scopes import LEAST, SCOPES

USUAL_LIFE = timedelta(days=90)


class TokenForm(forms.Form):
    """A new token. `expires_at`, once valid: the end of the day, in the reader's time; None for no end."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=100,
        help_text=_("What will use it, such as “Web shop” or “Nightly export”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=list(SCOPES.items()),
        initial=list(LEAST),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It never may more than you yourself. Choose no more than it needs."),
    )
    expires_on = forms.DateField(
        label=_("Good until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The last day on which it works. Empty: until it is revoked."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("initial", {"expires_on": timezone.localdate() + USUAL_LIFE})
        super().__init__(*args, **more)

    @property
    def facts(self) -> dict[str, Any]:
        """For `make_token`."""
        day = self.cleaned_data["expires_on"]
        ends = timezone.make_aware(datetime.combine(day, time.max)) if day else None
        return {"name": self.cleaned_data["name"], "scopes": self.cleaned_data["scopes"], "expires_at": ends}
