"""Forms that anybody may send without signing in, written by a person and not by a program, as far as can be told.

No third party is asked and no riddle is set: a field that people don't see must stay empty, and between opening the
page and sending it lies more than a blink and less than a day.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SALT = "answerable.web.human"
QUICKEST = timedelta(seconds=3)
LONGEST = timedelta(hours=12)


def opened(at: datetime) -> str:
    """When the page was opened, so that nobody else can say so."""
    return signing.dumps(at.timestamp(), salt=SALT)


class HumanForm(forms.Form):
    """Begin it with `initial={"opened": opened(now)}`, and draw it with `web/human.html`.

    `is_trapped`: what people don't see was filled in. Keep nothing then, and say nothing of it.
    """

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Neither sent within a blink, nor from a page of yesterday. Sent again, it goes through."""
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            at = datetime.fromtimestamp(signing.loads(cleaned.get("opened") or "", salt=SALT), UTC)
        except (signing.BadSignature, TypeError, ValueError):
            at = None
        now = timezone.now()
        if at is None or not QUICKEST <= now - at <= LONGEST:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["opened"] = opened(now)  # type: ignore[index]
            self.add_error(None, _("Please look at it once more and send it again; what you wrote is still here."))
        return cleaned

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.cleaned_data.get("website"))
