"""Which conversations to merge, and which messages to bring elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.desk.forms.changes import IdsField
from answerable.web.numbers import key_in

MOST_MESSAGES = 500


class MergeForm(forms.Form):
    """`ids`: all of them; `keep`: the one that the others become part of."""

    ids = IdsField()
    keep = forms.IntegerField(min_value=1, max_value=2**62, error_messages={"required": _("Choose which one stays.")})


class SplitForm(forms.Form):
    """`messages` go into a new conversation with a `subject`, or, where there is a number, into that one."""

    messages = IdsField(error_messages={"required": _("Choose at least one message.")})
    where = forms.ChoiceField(choices=[("new", "new"), ("there", "there")])
    subject = forms.CharField(required=False, max_length=500, label=_("Subject"))
    number = forms.CharField(required=False, max_length=20, label=_("Number of the conversation"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("where") == "there":
            number = key_in(cleaned.get("number", "").strip().lstrip("#"))
            if number is None:
                self.add_error("number", _("Give the number of the conversation they belong to."))
            else:
                cleaned["number"] = number
        return cleaned
