"""What is written to a third party, and which conversation another is linked with."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.customers.models import Address
from answerable.desk.forms.writing import FilesField, TextField
from answerable.desk.models import Link
from answerable.web.numbers import key_in

ON_HOLD = _("Put the conversation on hold until they answer")


class AsideForm(forms.Form):
    """The first mail to somebody who is no part of the conversation."""

    to = forms.EmailField(
        label=pgettext_lazy("mail", "To"),
        max_length=Address._meta.get_field("value").max_length or 320,
        widget=forms.EmailInput(attrs={"autofocus": True}),
    )
    name = forms.CharField(required=False, max_length=200, label=_("Their name"))
    subject = forms.CharField(max_length=500, label=_("Subject"))
    text = TextField(label=_("Message"))
    attachments = FilesField(required=False, label=_("Files"))
    on_hold = forms.BooleanField(required=False, label=ON_HOLD)


class AsideReplyForm(forms.Form):
    """What is written to them again."""

    text = TextField(required=False, label=_("Message"))
    attachments = FilesField(required=False, label=_("Files"))
    on_hold = forms.BooleanField(required=False, label=ON_HOLD)


class LinkForm(forms.Form):
    """`number`: of the other conversation; `kind`: what this one is to it."""

    kind = forms.ChoiceField(
        choices=Link.Kind.choices, label=_("This one is"), widget=forms.Select(attrs={"autofocus": True})
    )
    number = forms.CharField(max_length=20, label=_("Number of the conversation"))

    def clean_number(self) -> int:
        number = key_in(self.cleaned_data["number"].strip().lstrip("#"))
        if number is None:
            raise forms.ValidationError(_("Give the number of the other conversation."))
        return number
