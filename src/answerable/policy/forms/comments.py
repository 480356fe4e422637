"""What is said of the policy, and the answer, as forms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.policy.actions.comments import LONGEST_COMMENT


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody who works here reads it, and the next review of the policy gathers it."),
        error_messages={"required": _("Write what you think of it.")},
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Answer"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write an answer.")},
    )
