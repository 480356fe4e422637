"""Skills and languages, and who has them at what level, as forms."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.people.actions.skills import Change
from answerable.people.languages import language_choices
from answerable.people.models import Fluency, Level, Skill

HIGHEST = 3


class SkillForm(forms.Form):
    """A skill of the company's list."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=Skill.Kind.choices)


class SkillNameForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=60)


class AddedLanguageForm(forms.Form):
    """One more language of somebody."""

    add_language = forms.ChoiceField(label=_("Another language"), required=False)
    add_level = forms.TypedChoiceField(
        label=_("How well"), required=False, coerce=int, choices=Fluency.choices, initial=Fluency.WORKING
    )

    def __init__(self, *args: Any, spoken: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without = set(spoken)
        choices = [choice for choice in language_choices() if choice[0] not in without]
        self.fields["add_language"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


class AbilitiesForm(forms.Form):
    """Somebody's levels: a field for each skill (`skill-7`) and language (`language-lv`), 0 for none; `was` says what
    the page had shown. A field that is not sent stays as it is. Drawn by `people/abilities.html`."""

    was = forms.JSONField(required=False)

    def __init__(self, data: Any, *, skills: Iterable[Skill], languages: Iterable[str]) -> None:
        super().__init__(data)
        self.skills = {f"skill-{skill.pk}": skill for skill in skills}
        self.languages = {f"language-{code}": code for code in languages}
        for name in (*self.skills, *self.languages):
            self.fields[name] = forms.IntegerField(required=False, min_value=0, max_value=HIGHEST)

    def clean_was(self) -> Mapping[str, int]:
        was = self.cleaned_data["was"]
        if not isinstance(was, dict) or not all(isinstance(level, int) for level in was.values()):
            raise forms.ValidationError(_("This page is damaged. Open it anew."))
        return was

    def skill_changes(self) -> dict[Skill, Change]:
        """Of a valid form: what was changed on the page."""
        return {self.skills[name]: change for name, change in self._changes(self.skills)}

    def language_changes(self) -> dict[str, Change]:
        return {self.languages[name]: change for name, change in self._changes(self.languages)}

    def _changes(self, names: Iterable[str]) -> Iterator[tuple[str, Change]]:
        was = self.cleaned_data["was"]
        for name in names:
            level = self.cleaned_data.get(name)
            if level is not None and level != was.get(name, 0):
                yield name, Change(was.get(name, 0), level)


LEVELS = {"skill": ((0, "–"), *Level.choices), "language": ((0, "–"), *Fluency.choices)}
"""What a page offers to choose from."""
