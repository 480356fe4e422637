from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from answerable.core.policy import PolicyError, PolicyErrors
from answerable.policy.actions import check_document

LARGEST_DOCUMENT = 256 * 1024  # bytes


class VersionForm(forms.Form):
    """A document to put in force: written here, or as a file. `mistakes` holds what is wrong with it."""

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
    reason = forms.CharField(
        label=_("Why it changes"), max_length=500, help_text=_("Kept with the version, for whoever asks later.")
    )

    mistakes: tuple[PolicyError, ...] = ()

    def clean(self) -> dict[str, object]:
        """Raises with a count; the mistakes themselves are shown with their lines."""
        cleaned = super().clean() or {}
        text = self._text(cleaned)
        if not text.strip():
            raise ValidationError(_("Write a document, or choose a file."))
        try:
            check_document(text)
        except PolicyErrors as errors:
            self.mistakes = errors.errors
            raise ValidationError(_("The document can't be put in force yet. Nothing has been changed.")) from None
        cleaned["document"] = text
        return cleaned

    def _text(self, cleaned: dict[str, object]) -> str:
        file = self.files.get("file")
        if file is None:
            return str(cleaned.get("document") or "").replace("\r\n", "\n")
        if (file.size or 0) > LARGEST_DOCUMENT:
            raise ValidationError(_("The file is too large to be a policy: at most 256 KB."))
        try:
            text: str = file.read().decode("utf-8")
        except UnicodeDecodeError:
            raise ValidationError(_("The file is not text in UTF-8.")) from None
        return text
