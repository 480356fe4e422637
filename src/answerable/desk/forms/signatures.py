"""A signature, in each of the languages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings

from answerable.desk.errors import Refused
from answerable.desk.signatures import LONGEST, check_signature


class SignatureForm(forms.Form):
    """`texts` afterwards: language -> text."""

    def __init__(self, data: Any, *, texts: Mapping[str, str]) -> None:
        super().__init__(data)
        for key, name in settings.LANGUAGES:
            self.fields[f"text_{key}"] = forms.CharField(
                label=name,
                required=False,
                max_length=LONGEST,
                initial=texts.get(key, ""),
                widget=forms.Textarea(attrs={"rows": 4, "lang": key, "spellcheck": "true"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, text in list(cleaned.items()):
            try:
                check_signature(text.replace("\r\n", "\n"))
            except Refused as refusal:
                self.add_error(name, str(refusal))
        return cleaned

    @property
    def texts(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"text_{key}"].replace("\r\n", "\n") for key, _name in settings.LANGUAGES}
