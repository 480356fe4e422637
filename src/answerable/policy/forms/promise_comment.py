"""What a customer says of a promise."""

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.policy.actions.comments import LONGEST_COMMENT
from answerable.web.human import HumanForm


class PromiseCommentForm(HumanForm):
    """The words, and where we may answer."""

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
        help_text=_("Only if you want an answer. We use it for nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
