"""What writers fill in."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.knowledge.actions.writing import NONE, Wording
from answerable.knowledge.models import Audience, Section, State, Version
from answerable.web.drafts import PageForm
from answerable.web.formatted import as_html, harmless

LONGEST_TITLE = 200
LONGEST_BODY = 100_000
LONGEST_HTML = 400_000


def _let_choose(form: forms.Form, sections: QuerySet[Section]) -> None:
    """One of these sections."""
    field = form.fields["section"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = sections


class WordingForm(forms.Form):
    """An article in one language. `wording` afterwards; `seen` is the number of the version the writer began from."""

    title = forms.CharField(
        label=pgettext_lazy("of an article", "Title"),
        max_length=LONGEST_TITLE,
        help_text=_("As a reader would ask: “How do I return a book?”"),
        error_messages={"required": _("Give it a title.")},
    )
    text = forms.CharField(
        label=pgettext_lazy("of an article", "Text"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={"required": _("Write what readers should know.")},
    )
    html = forms.CharField(required=False, max_length=LONGEST_HTML, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, version: Version | None = None, **more: Any) -> None:
        if version is not None:
            known = {"title": version.title, "text": version.text, "html": version.html, "seen": version.number}
            more["initial"] = {**known, **more.get("initial", {})}
        super().__init__(data, **more)

    def clean(self) -> dict[str, Any]:
        """What is formatted is made harmless; words alone become paragraphs."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "text" in cleaned:
            written = harmless(cleaned.get("html") or as_html(cleaned["text"]))
            if not written.text:
                self.add_error("text", _("Write what readers should know."))
            cleaned["html"], cleaned["text"] = written.html, written.text
        cleaned["seen"] = cleaned.get("seen") or NONE
        return cleaned

    @property
    def wording(self) -> Wording:
        return Wording(self.cleaned_data["title"], self.cleaned_data["html"], self.cleaned_data["text"])


class PlacementForm(forms.Form):
    """Where an article stands and who reads it."""

    section = forms.ModelChoiceField(
        Section.objects.none(), label=pgettext_lazy("of the help centre", "Section"), empty_label=None
    )
    audience = forms.ChoiceField(
        label=_("Who reads it"), choices=Audience.choices, widget=forms.RadioSelect, initial=Audience.CUSTOMERS
    )

    def __init__(self, data: QueryDict | None = None, *, sections: QuerySet[Section], **more: Any) -> None:
        super().__init__(data, **more)
        _let_choose(self, sections)


class NewArticleForm(WordingForm, PlacementForm):
    """The first words of an article. Where there is no section yet, its first is named here."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    first_section = forms.CharField(
        required=False,
        max_length=100,
        label=pgettext_lazy("of the help centre", "Section"),
        help_text=_("What it is about, such as “Delivery”: the first heading of the help centre."),
        error_messages={"required": _("Name its section.")},
    )

    field_order = ("title", "text", "section", "first_section", "audience", "language")

    def __init__(self, data: QueryDict | None = None, *, sections: QuerySet[Section], **more: Any) -> None:
        super().__init__(data, sections=sections, **more)
        if sections:
            del self.fields["first_section"]
        else:
            del self.fields["section"]
            self.fields["first_section"].required = True


class DraftForm(PageForm):
    """What is typed so far, whatever is missing. `wording` and, of a new article, `placed` afterwards."""

    title = forms.CharField(required=False, max_length=LONGEST_TITLE)
    text = forms.CharField(required=False, max_length=LONGEST_BODY)
    html = forms.CharField(required=False, max_length=LONGEST_HTML)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    section = forms.CharField(required=False, max_length=20)
    first_section = forms.CharField(required=False, max_length=100)
    audience = forms.CharField(required=False, max_length=20)
    language = forms.CharField(required=False, max_length=8)

    def clean(self) -> dict[str, Any]:
        """What is formatted is made harmless, as when it is saved."""
        cleaned: dict[str, Any] = super().clean() or {}
        written = harmless(cleaned.get("html") or as_html(cleaned.get("text", "")))
        return {**cleaned, "html": written.html, "text": written.text, "seen": cleaned.get("seen") or NONE}

    @property
    def wording(self) -> Wording:
        return Wording(self.cleaned_data["title"], self.cleaned_data["html"], self.cleaned_data["text"])

    @property
    def placed(self) -> dict[str, str]:
        """What was chosen for it, field by field."""
        chosen = ("section", "first_section", "audience", "language")
        return {name: self.cleaned_data[name] for name in chosen if self.cleaned_data[name]}


class SectionForm(forms.Form):
    """A heading of the help centre, in the company's language and the others."""

    name = forms.CharField(max_length=100, label=pgettext_lazy("of a thing", "Name"))

    def __init__(self, data: QueryDict | None = None, *, section: Section | None, language: str) -> None:
        known = {f"name_{code}": said for code, said in section.names.items()} if section else {}
        super().__init__(data, initial={"name": section.name if section else "", **known})
        self.others = [(code, name) for code, name in settings.LANGUAGES if code != language]
        for code, name in self.others:
            self.fields[f"name_{code}"] = forms.CharField(required=False, max_length=100, label=name)

    @property
    def names(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"name_{code}"] for code, _name in self.others}


class FilterForm(forms.Form):
    """Which articles a list shows. What is not understood is not asked for."""

    q = forms.CharField(required=False, max_length=200)
    state = forms.ChoiceField(required=False, choices=[("", _("Any state")), *State.choices])
    audience = forms.ChoiceField(required=False, choices=[("", _("All readers")), *Audience.choices])
    section = forms.ModelChoiceField(
        Section.objects.none(), required=False, empty_label=pgettext_lazy("of the help centre", "All sections")
    )
    language = forms.ChoiceField(required=False, choices=[("", _("Any language")), *settings.LANGUAGES])

    def __init__(self, data: QueryDict, *, sections: QuerySet[Section]) -> None:
        super().__init__(data)
        _let_choose(self, sections)
        self.is_valid()

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for, and nothing else."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class JudgementForm(forms.Form):
    """Whether an article helped."""

    helped = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
