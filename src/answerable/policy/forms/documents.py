"""A whole document, pasted or as a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from answerable.core.policy import PolicyError
from answerable.policy.actions import mistakes_of

LARGEST_DOCUMENT = 256 * 1024  # bytes


class DocumentForm(forms.Form):
    """A document written here, or a file. It may be wrong: a draft is kept as it was typed."""

    document = forms.CharField(
        label=_("Document"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "mono"}),
        help_text=_("TOML. Every setting is described in the guide to the policy document."),
    )
    file = forms.FileField(
        label=_("Or a file"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".toml,text/plain"})
    )

    def clean(self) -> dict[str, Any]:
        """Puts the text of the file, if there is one, in the place of what was typed."""
        cleaned = super().clean() or {}
        text = self._text(cleaned)
        if not text.strip():
            raise ValidationError(_("Write a document, or choose a file."))
        if len(text.encode()) > LARGEST_DOCUMENT or "\x00" in text:
            raise ValidationError(_("That is no policy: at most 256 KB of text."))
        cleaned["document"] = text
        return cleaned

    def _text(self, cleaned: dict[str, Any]) -> str:
        file = self.files.get("file")
        if file is None:
            return str(cleaned.get("document") or "").replace("\r\n", "\n")
        if (file.size or 0) > LARGEST_DOCUMENT:
            raise ValidationError(_("The file is too large to be a policy: at most 256 KB."))
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("The file is not text in UTF-8.")) from None
        return text.replace("\r\n", "\n")


class NewDocumentForm(DocumentForm):
    """A document to begin a draft with or, if it is right, to put in force at once. `mistakes` are those it has."""

    at_once = forms.BooleanField(
        label=_("Put it in force at once, without a draft"),
        required=False,
        help_text=_("Clocks that run keep the version they began under."),
    )
    reason = forms.CharField(
        label=_("Why it changes"),
        required=False,
        max_length=500,
        help_text=_("Kept with the version, for whoever asks later."),
    )

    mistakes: tuple[PolicyError, ...] = ()

    def clean(self) -> dict[str, Any]:
        """What is to be in force at once must be right, and have a reason."""
        cleaned = super().clean()
        if cleaned.get("at_once"):
            if not cleaned.get("reason"):
                self.add_error("reason", _("Say why, for whoever asks later."))
            self.mistakes = mistakes_of(cleaned["document"])
            if self.mistakes:
                raise ValidationError(_("The document can't be put in force yet. Nothing has been changed."))
        return cleaned


class RevisionForm(DocumentForm):
    """The next revision of a draft, as a document."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a version comes into force."""

    reason = forms.CharField(
        label=_("Why it changes"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with the version, for whoever asks later."),
    )
