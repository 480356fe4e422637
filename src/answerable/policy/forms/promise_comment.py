"""What a customer says of a promise, written by a person and not by a program, as far as that can be told."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from answerable.policy.actions.comments import LONGEST_COMMENT

SALT = "answerable.policy.promise_comment"
QUICKEST = timedelta(seconds=3)
LONGEST = timedelta(hours=12)


def opened(at: datetime) -> str:
    """When the page was opened, so that nobody else can say so."""
    return signing.dumps(at.timestamp(), salt=SALT)


class PromiseCommentForm(forms.Form):
    """`is_trapped`: what people don't see was filled in. Nothing is kept then, and nothing said of it."""

    text = forms.CharField(
        label=_("What do you think of it?"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Tell us in a few words.")},
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Only if we may write to you about it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
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
