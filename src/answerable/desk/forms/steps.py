"""Steps below one another, of a macro or of a rule: what is done, and what it is done with."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from answerable.core.rules.span import LONGEST_AMOUNT, Span, Unit
from answerable.core.rules.step import ASSIGNEE, LEAD, ME, NOBODY, SOLVER, TAKES, TEAM, Do, Step, Takes, words_of
from answerable.desk.actions.changes import LONGEST_TAG
from answerable.desk.details import control
from answerable.desk.errors import Refused
from answerable.desk.forms.changes import SETTABLE
from answerable.desk.forms.writing import AddressesField
from answerable.desk.models import Priority
from answerable.desk.placeholders import check_text
from answerable.desk.steps.names import Named
from answerable.desk.steps.words import LABELS, UNITS, WHO
from answerable.policy.editing.rows import RowForm, Rows

Choices = Sequence[tuple[str, Any]]
LONGEST_WORDS = 200
PRIORITIES = [(priority.name.lower(), priority.label) for priority in Priority]


class StepForm(RowForm):
    """One step. Of its fields those are asked for that the step takes; the page hides the others."""

    telling: ClassVar[tuple[str, ...]] = ("do",)

    do = forms.ChoiceField(label=_("What is done"))
    assignee = forms.ChoiceField(label=pgettext_lazy("a step", "Whom"), required=False)
    recipient = forms.ChoiceField(label=pgettext_lazy("a step", "Whom"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), choices=PRIORITIES, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=SETTABLE, required=False)
    amount = forms.IntegerField(label=_("How long"), min_value=1, max_value=LONGEST_AMOUNT, required=False)
    unit = forms.ChoiceField(
        label=pgettext_lazy("of time", "Unit"), choices=[(unit.value, UNITS[unit]) for unit in Unit], required=False
    )
    tags = forms.CharField(label=_("Tags, separated by commas"), max_length=500, required=False)
    field = forms.ChoiceField(label=_("Field"), required=False)
    value = forms.CharField(label=_("What is written into it"), max_length=500, required=False)
    addresses = AddressesField(label=_("Addresses, separated by commas"), max_length=2000, required=False)
    text = forms.CharField(
        label=_("Text"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4}), strip=False
    )
    words = forms.CharField(label=_("What they are told"), max_length=LONGEST_WORDS, required=False)

    def __init__(self, *args: Any, named: Named, allowed: Sequence[Do], statuses: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.named = named
        self.step: Step | None = None
        people = [(f"user:{email}", str(user)) for email, user in named.people.items()]
        teams = [(key, str(team)) for key, team in named.teams.items()]
        everybody = [(f"team:{key}", gettext("everybody in %(team)s") % {"team": name}) for key, name in teams]
        whom = [*([ME] if Do.REPLY not in allowed else []), NOBODY, SOLVER, LEAD]
        language = get_language() or ""
        for name, choices in {
            "do": [("", "—"), *((do.value, LABELS[do]) for do in allowed)],
            "assignee": [*_who(whom), *people],
            "recipient": [*_who((ASSIGNEE, LEAD, TEAM)), *everybody, *people],
            "team": teams,
            "status": statuses,
            "field": [(number, each.name_in(language)) for number, each in named.fields.items()],
        }.items():
            asked = self.fields[name]
            assert isinstance(asked, forms.ChoiceField)
            present = str(self.initial.get(name) or "")
            gone = [] if present in dict(choices) or not present else [(present, gettext("%s (gone)") % present)]
            asked.choices = [*choices, *gone]

    @property
    def arguments(self) -> list[tuple[BoundField, str]]:
        """Each of its fields but the first, with the class by which the page shows it."""
        return [(self[name], f"takes takes-{name}") for name in self.fields if name != "do"]

    def clean(self) -> dict[str, Any]:
        """`step` is what it comes to."""
        cleaned = super().clean() or {}
        do = cleaned.get("do")
        if not do or self.errors:
            return cleaned
        try:
            self.step = self._step(Do(do), cleaned)
        except forms.ValidationError as error:
            self.add_error(None, error)
        return cleaned

    def _step(self, do: Do, cleaned: Mapping[str, Any]) -> Step | None:
        to, text = (self._argument(takes, cleaned) for takes in TAKES[do])
        return None if self.errors else Step(do, to, text)

    def _argument(self, takes: Takes, cleaned: Mapping[str, Any]) -> str:
        match takes:
            case Takes.NOTHING:
                return ""
            case Takes.SPAN:
                amount = self._needed("amount", cleaned)
                return str(Span(int(amount), Unit(cleaned["unit"]))) if amount else ""
            case Takes.TAGS:
                tags = words_of(self._needed("tags", cleaned))
                if any(len(tag) > LONGEST_TAG for tag in tags):
                    self.add_error("tags", gettext("A tag has at most %(longest)s letters.") % {"longest": LONGEST_TAG})
                return ", ".join(tags)
            case Takes.VALUE:
                return self._value(cleaned)
            case Takes.ADDRESSES:
                return ", ".join(self._needed("addresses", cleaned))
            case Takes.TEXT:
                return self._text(cleaned)
            case Takes.WORDS:
                return str(cleaned.get("words", ""))
        return str(self._needed(takes.value, cleaned))

    def _needed(self, name: str, cleaned: Mapping[str, Any]) -> Any:
        if not cleaned.get(name):
            self.add_error(name, gettext("This field is required."))
        return cleaned.get(name) or ""

    def _value(self, cleaned: Mapping[str, Any]) -> str:
        """As its field keeps it; empty takes out what is known."""
        field = self.named.fields.get(str(cleaned.get("field")))
        if field is None:
            return ""
        try:
            return str(control(field, get_language() or "").clean(cleaned["value"] or None) or "")
        except forms.ValidationError as error:
            self.add_error("value", error)
            return ""

    def _text(self, cleaned: Mapping[str, Any]) -> str:
        text = str(self._needed("text", cleaned)).replace("\r\n", "\n")
        try:
            check_text(text)
        except Refused as refusal:
            self.add_error("text", str(refusal))
        return text


def step_rows(
    data: QueryDict | None, steps: Iterable[Step], *, allowed: Sequence[Do], statuses: Choices, named: Named
) -> Rows:
    """The steps' rows, under the name `steps`."""
    initial = [_typed(step) for step in steps]
    return Rows(StepForm, "steps", data, initial, named=named, allowed=allowed, statuses=statuses)


def steps_in(rows: Rows) -> list[Step]:
    """What valid rows come to, in their order."""
    return [form.step for form in rows.used if isinstance(form, StepForm) and form.step is not None]


def _typed(step: Step) -> dict[str, Any]:
    """A step as its row shows it."""
    typed: dict[str, Any] = {"do": step.do.value}
    for takes, value in zip(TAKES[step.do], (step.to, step.text), strict=True):
        if takes is Takes.SPAN:
            span = Span.of(value)
            typed |= {"amount": span.amount, "unit": span.unit.value}
        elif takes is not Takes.NOTHING:
            typed[takes.value] = value
    return typed


def _who(whom: Iterable[str]) -> list[tuple[str, Any]]:
    return [(each, WHO[each]) for each in whom]
