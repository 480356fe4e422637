"""What customers are asked on our pages, and what an administrator is asked about a form."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.channels.form.models import Form, Question
from answerable.desk.details import controls
from answerable.desk.forms.writing import FilesField, TextField
from answerable.desk.models import Field
from answerable.web.human import HumanForm

LONGEST_INTRODUCTION = 2000


class WordsField(TextField):
    """As they were typed, and more than spaces."""

    def validate(self, value: Any) -> None:
        super().validate(value.strip())


class RequestForm(HumanForm):
    """A request by a form, with what the form asks for. `details` afterwards: field -> its value as text."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    address = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("Our answer goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    subject = forms.CharField(label=gettext_lazy("What is it about?"), max_length=200)
    text = WordsField(label=gettext_lazy("Your message"))
    attachments = FilesField(required=False, label=gettext_lazy("Files"))

    def __init__(self, *arguments: Any, form: Form, questions: Sequence[Question], language: str, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.questions = questions
        required = [one.field_id for one in questions if one.is_required]
        self.fields.update(controls([one.field for one in questions], language, required))
        if not form.takes_files:
            del self.fields["attachments"]

    @property
    def asked(self) -> list[forms.BoundField]:
        """What people see, in order."""
        names = ["name", "address", "subject", *(f"field_{one.field_id}" for one in self.questions), "text"]
        return [self[name] for name in names]

    @property
    def details(self) -> dict[Field, str]:
        return {one.field: self.cleaned_data[f"field_{one.field_id}"] for one in self.questions}


class AddressForm(HumanForm):
    """Where a link to one's requests shall go."""

    address = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class AnswerForm(forms.Form):
    """What a customer adds to a request of theirs."""

    text = WordsField(label=gettext_lazy("Your message"))
    attachments = FilesField(required=False, label=gettext_lazy("Files"))


class FormForm(forms.Form):
    """An inbox's form. `facts` afterwards, as `write_form` takes them."""

    NOT_ASKED, ASKED, REQUIRED = "not_asked", "asked", "required"
    HOW = (
        (NOT_ASKED, gettext_lazy("Not asked")),
        (ASKED, gettext_lazy("Asked")),
        (REQUIRED, gettext_lazy("Must be filled in")),
    )

    key = forms.SlugField(
        max_length=60,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("What stands at the end of its address: letters, digits and hyphens."),
    )
    title = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Heading"),
        help_text=gettext_lazy("Empty: our own words, in each language."),
    )
    introduction = forms.CharField(
        required=False,
        max_length=LONGEST_INTRODUCTION,
        label=gettext_lazy("What stands above the form"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    takes_files = forms.BooleanField(required=False, label=pgettext_lazy("of a web form", "Customers may attach files"))

    def __init__(
        self, data: QueryDict | None, *, form: Form | None, key: str, fields: Sequence[Field], language: str
    ) -> None:
        super().__init__(data, initial=_known(form, key))
        self.rows = fields
        self.others = [(code, name) for code, name in settings.LANGUAGES if code != language]
        for code, _name in self.others:
            self.fields[f"title_{code}"] = forms.CharField(
                required=False, max_length=200, label=gettext_lazy("Heading")
            )
            self.fields[f"introduction_{code}"] = forms.CharField(
                required=False,
                max_length=LONGEST_INTRODUCTION,
                label=gettext_lazy("What stands above the form"),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for row in fields:
            self.fields[f"asks_{row.pk}"] = forms.ChoiceField(choices=self.HOW, label=row.name)

    @property
    def its_own(self) -> list[forms.BoundField]:
        return [self[name] for name in ("key", "title", "introduction", "takes_files")]

    @property
    def asks(self) -> list[forms.BoundField]:
        return [self[f"asks_{row.pk}"] for row in self.rows]

    @property
    def in_others(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """By language: its name, its fields, and whether something stands in them or is wrong with them."""
        found = []
        for code, name in self.others:
            fields = [self[f"title_{code}"], self[f"introduction_{code}"]]
            found.append((name, fields, any(field.value() or field.errors for field in fields)))
        return found

    @property
    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        how = {row: given[f"asks_{row.pk}"] for row in self.rows}
        return {
            **{name: given[name] for name in ("key", "title", "introduction", "takes_files")},
            "titles": {code: given[f"title_{code}"] for code, _name in self.others if given[f"title_{code}"]},
            "introductions": {
                code: given[f"introduction_{code}"] for code, _name in self.others if given[f"introduction_{code}"]
            },
            "asks": [(row, asked == self.REQUIRED) for row, asked in how.items() if asked != self.NOT_ASKED],
        }


def _known(form: Form | None, key: str) -> dict[str, Any]:
    if form is None:
        return {"key": key, "takes_files": True}
    known: dict[str, Any] = {name: getattr(form, name) for name in ("key", "title", "introduction", "takes_files")}
    known |= {f"title_{code}": said for code, said in form.titles.items()}
    known |= {f"introduction_{code}": said for code, said in form.introductions.items()}
    for question in form.questions.all():
        known[f"asks_{question.field_id}"] = FormForm.REQUIRED if question.is_required else FormForm.ASKED
    return known
