"""Words for the board of the day."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, dumps, loads
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.people.about import objectives
from answerable.people.models import LONGEST_WORDS, User
from answerable.people.models.user import UserQuerySet

NUMBER = re.compile(r"(?:#|.*/conversations/)?(\d{1,18})/?(?:#.*)?")
SALT = "people.board.compliment"
A_DAY_OR_TWO = 3 * 86_400


class ConversationField(forms.CharField):
    """The number of a conversation, as #123, or as its address is copied."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Conversation"),
            required=False,
            max_length=300,
            help_text=gettext_lazy("Its number or its address, where one shows what you mean."),
            widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
        )

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        found = NUMBER.fullmatch(text)
        if found is None:
            raise ValidationError(_("Write the number of a conversation, such as #123."))
        return int(found[1])


class WordsForm(forms.Form):
    """What all words on the board have."""

    text = forms.CharField(
        label=pgettext_lazy("praise, lessons", "Your words"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_WORDS}),
        error_messages={"required": gettext_lazy("Write a few words.")},
    )
    conversation = ConversationField()
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PraiseForm(WordsForm):
    praised: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=pgettext_lazy("praise", "Whom"), queryset=User.objects.none()
    )
    field_order = ("praised", "text", "conversation", "revision")

    def __init__(self, *args: Any, people: UserQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["praised"]).queryset = people


class LessonForm(WordsForm):
    objective = forms.ChoiceField(
        label=gettext_lazy("Objective of the policy"),
        required=False,
        help_text=gettext_lazy("Where the policy should know of it."),
    )
    field_order = ("text", "objective", "conversation", "revision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["objective"]).choices = [("", "–"), *objectives().items()]


def vouched(compliment: dict[str, Any]) -> str:
    """A customer's words, sealed by the page that showed them: whom they praise, what they say, who said it, where."""
    return dumps(compliment, salt=SALT, compress=True)


class PinForm(forms.Form):
    """A compliment that is pinned as it was given."""

    compliment = forms.CharField()

    def clean_compliment(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = loads(self.cleaned_data["compliment"], salt=SALT, max_age=A_DAY_OR_TWO)
        except BadSignature:
            raise ValidationError(_("The page is too old. Reload it and pin again.")) from None
        return found
