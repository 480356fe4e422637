"""Title, mission and language."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.policy.touched import Part
from answerable.policy.editing.workshop import with_present
from answerable.policy.forms.parts.part import LONGEST_TEXT, PartForm
from answerable.policy.names import language_name


class WordsForm(PartForm):
    """What the policy is called and what the company is for."""

    part = Part.MISSION
    template = "policy/parts/words.html"

    title = forms.CharField(label=pgettext_lazy("of the policy", "Title"), max_length=200)
    mission = forms.CharField(
        label=_("Mission"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the company is for, a sentence a line. Each objective serves one of these sentences."),
    )
    language = forms.ChoiceField(
        label=_("The policy's own language"),
        help_text=_("Every promise is written at least in this language."),
    )

    def prepare(self, data: QueryDict | None) -> None:
        """The document itself is the element."""
        self.present = self.workshop.manuscript.values
        known = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
        own = self.workshop.manuscript.language
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = with_present(known, [own])
        self.initial.update(
            {
                "title": self.present.get("title", ""),
                "mission": str(self.present.get("mission", "")).strip(),
                "language": own,
            }
        )

    def values(self) -> dict[str, Any]:
        """A mission of several lines ends with a line end, as one writes it by hand."""
        lines = [" ".join(line.split()) for line in self.cleaned_data["mission"].splitlines() if line.strip()]
        mission = "\n".join(lines) + ("\n" if len(lines) > 1 else "")
        if mission.split() == str(self.present.get("mission", "")).split():
            mission = self.present["mission"]
        return {"title": self.cleaned_data["title"], "mission": mission, "language": self.cleaned_data["language"]}
