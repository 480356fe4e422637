"""What is known of a conversation besides its words, as readers see it and as forms ask for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from answerable.desk.models import Conversation, Field

LONGEST = 1000
YES = "yes"


@dataclass(frozen=True)
class Detail:
    """A field's name and its value, in the reader's words."""

    name: str
    said: str


def details_of(conversation: Conversation) -> list[Detail]:
    """In the order of the fields; no query where nothing is known."""
    if not conversation.details:
        return []
    language = get_language() or ""
    fields = Field.objects.of(conversation)
    return [Detail(row.name_in(language), said(row, conversation.details[str(row.pk)], language)) for row in fields]


def shown_fields(numbers: Sequence[int], rows: Iterable[Any]) -> dict[int, str]:
    """By conversation of a list, what is known for these fields, such as “Order number: AM-10233”. Two queries."""
    language = get_language() or ""
    fields = Field.objects.current().in_bulk(numbers)
    known = Conversation.objects.filter(pk__in=[row.pk for row in rows]).exclude(details={})
    return {
        pk: " · ".join(
            f"{fields[number].name_in(language)}: {said(fields[number], details[str(number)], language)}"
            for number in numbers
            if number in fields and details.get(str(number))
        )
        for pk, details in known.values_list("pk", "details")
    }


def said(field: Field, value: str, language: str) -> str:
    """A value in words. One that does not fit its field any more is shown as it was written down."""
    match field.kind:
        case Field.Kind.YES_NO:
            return _("Yes") if value == YES else value
        case Field.Kind.CHOICE:
            return field.choice_in(language, value)
        case Field.Kind.SEVERAL:
            return ", ".join(field.choice_in(language, each) for each in value.split("\n"))
        case Field.Kind.DATE:
            try:
                return date_format(date.fromisoformat(value), "DATE_FORMAT")
            except ValueError:
                return value
        case Field.Kind.NUMBER:
            try:
                return number_format(Decimal(value))
            except InvalidOperation:
                return value
    return value


def control(field: Field, language: str, *, required: bool = False) -> forms.Field:
    """What asks for it. Cleans to the value's text, empty where nothing was given."""
    asked: dict[str, Any] = {"label": field.name_in(language), "required": required}
    match field.kind:
        case Field.Kind.NUMBER:
            return NumberField(max_digits=24, localize=True, **asked)
        case Field.Kind.DATE:
            return DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **asked)
        case Field.Kind.CHOICE:
            choices = [(value, field.choice_in(language, value)) for value in field.choices]
            return forms.ChoiceField(choices=[("", "—"), *choices], **asked)
        case Field.Kind.SEVERAL:
            choices = [(value, field.choice_in(language, value)) for value in field.choices]
            return SeveralField(choices=choices, widget=forms.CheckboxSelectMultiple, **asked)
        case Field.Kind.YES_NO:
            return YesField(**asked)
    return forms.CharField(max_length=LONGEST, **asked)


def controls(fields: Iterable[Field], language: str, required: Iterable[int] = ()) -> dict[str, forms.Field]:
    """By the name each has in a form."""
    wanted = set(required)
    return {f"field_{field.pk}": control(field, language, required=field.pk in wanted) for field in fields}


class NumberField(forms.DecimalField):
    """A number by the reader's habits. Cleans to text with a point."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return "" if found is None else f"{found:f}"


class DateField(forms.DateField):
    """Cleans to text such as 2026-03-08."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return "" if found is None else found.isoformat()


class SeveralField(forms.MultipleChoiceField):
    """Cleans to the values, each in a line."""

    def prepare_value(self, value: Any) -> Any:
        return value.split("\n") if isinstance(value, str) and value else value

    def clean(self, value: Any) -> Any:
        return "\n".join(super().clean(value))


class YesField(forms.BooleanField):
    """Cleans to `yes` or to nothing."""

    def clean(self, value: Any) -> Any:
        return YES if super().clean(value) else ""
