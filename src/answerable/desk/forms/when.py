"""A question about when something was, as one field: how it is compared, and with what."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.core.criteria import OF_SPANS, SPANS, YEARS
from answerable.core.rules.span import LONGEST_AMOUNT
from answerable.desk.rules.fields import OPERATORS, Kind
from answerable.desk.steps.words import UNITS

BETWEEN = "between"
Questions = Mapping[str, str]
"""Operators of `core.criteria`, each with what is compared with."""


class WhenWidget(forms.MultiWidget):
    """How, an amount, its unit, two dates; the page shows those that what is chosen takes."""

    template_name = "desk/when.html"
    use_fieldset = True

    def __init__(self, operators: Sequence[tuple[str, Any]]) -> None:
        dates = [
            forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "class": f"takes takes-{name}", "aria-label": label}
            )
            for name, label in (
                ("first", pgettext_lazy("a date", "From")),
                ("last", pgettext_lazy("a date", "To")),
            )
        ]
        amount = {"class": "takes takes-amount", "inputmode": "numeric", "aria-label": gettext_lazy("How long")}
        unit = {"class": "takes takes-unit", "aria-label": pgettext_lazy("of time", "Unit")}
        super().__init__(
            {
                "how": forms.Select(choices=operators, attrs={"aria-label": gettext_lazy("How it is compared")}),
                "amount": forms.NumberInput(attrs={"min": 1, "max": LONGEST_AMOUNT, **amount}),
                "unit": forms.Select(choices=[(unit.value, UNITS[unit]) for unit in OF_SPANS], attrs=unit),
                "first": dates[0],
                "last": dates[1],
            }
        )

    def decompress(self, value: Questions | None) -> list[Any]:
        asked = dict(value or {})
        how = BETWEEN if len(asked) > 1 else next(iter(asked), "")
        amount, _space, unit = asked.get(how, "").partition(" ") if how in SPANS else ("", "", OF_SPANS[1].value)
        last = date.fromisoformat(asked["before"]) if "before" in asked else None
        if how == BETWEEN and last is not None:
            last -= timedelta(days=1)
        return [how, amount, unit, asked.get("since"), last and last.isoformat()]


class WhenField(forms.MultiValueField):
    """Comes to questions: none where nothing is asked, two for a stretch of days, its last one included."""

    def __init__(self, kind: Kind, **given: Any) -> None:
        operators: list[tuple[str, Any]] = [
            ("", gettext_lazy("At any time")),
            *OPERATORS[kind].items(),
            (BETWEEN, pgettext_lazy("a condition", "is between")),
        ]
        fields = (
            forms.ChoiceField(choices=operators, required=False),
            forms.IntegerField(min_value=1, max_value=LONGEST_AMOUNT, required=False),
            forms.ChoiceField(choices=[(unit.value, UNITS[unit]) for unit in OF_SPANS], required=False),
            forms.DateField(required=False),
            forms.DateField(required=False),
        )
        super().__init__(fields, widget=WhenWidget(operators), require_all_fields=False, required=False, **given)

    def compress(self, data_list: Sequence[Any]) -> Questions:
        how, amount, unit, first, last = data_list or ("", None, "", None, None)
        if not how:
            return {}
        if how in SPANS:
            return {how: f"{_needed(amount)} {unit or OF_SPANS[1].value}"}
        if how != BETWEEN:
            return {how: _day(first if how == "since" else last).isoformat()}
        begins, ends = _day(first), _day(last) + timedelta(days=1)
        if ends <= begins:
            raise forms.ValidationError(_("The last day is before the first."))
        return {"since": begins.isoformat(), "before": ends.isoformat()}


def _needed(value: Any) -> Any:
    if not value:
        raise forms.ValidationError(_("Say with what it is compared."))
    return value


def _day(value: date | None) -> date:
    day: date = _needed(value)
    if day.year not in YEARS:
        raise forms.ValidationError(_("Say with what it is compared."))
    return day
