"""What customers answer when they are asked how it was."""

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.feedback.actions.ratings import LONGEST_COMMENT
from answerable.feedback.models import Score


class ScoreForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How was it?"),
        choices=Score.choices,
        coerce=int,
        error_messages={"required": _("Choose one of the five."), "invalid_choice": _("Choose one of the five.")},
    )


class CommentForm(forms.Form):
    comment = forms.CharField(
        label=_("Would you like to tell us more?"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    complaint = forms.BooleanField(
        label=_("I am not content with this. Please look into it and write to me."), required=False
    )

    def clean(self) -> dict[str, object]:
        """A complaint needs words."""
        cleaned = super().clean() or {}
        if cleaned.get("complaint") and not str(cleaned.get("comment") or "").strip():
            self.add_error("comment", _("Tell us in a few words."))
        return cleaned
