"""A rule, everything of it at once."""

from collections.abc import Mapping
from datetime import time
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.core.criteria import read, written
from answerable.core.rules.span import LONGEST_AMOUNT, Span, Unit
from answerable.core.rules.step import OF_RULES, steps_of
from answerable.core.rules.trigger import OnEvent, OnSchedule, OnTime, trigger_of
from answerable.desk.forms.changes import SETTABLE
from answerable.desk.forms.rules.tree import Drawn, node_of, shown, turned, typed
from answerable.desk.forms.steps import step_rows, steps_in
from answerable.desk.rules.fields import everything, is_field
from answerable.desk.rules.words import EVENTS, SINCE
from answerable.desk.steps.names import Named
from answerable.desk.steps.words import UNITS
from answerable.policy.editing.rows import Turn
from answerable.policy.editing.rows import turned as rows_turned

KINDS = [
    ("event", gettext_lazy("When something happens")),
    ("time", gettext_lazy("When something has lasted")),
    ("schedule", gettext_lazy("At set times")),
]


class RuleForm(forms.Form):
    """`tree` are its conditions, `rows` its steps; `content` of a valid form is what it says (see models.rule)."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=100, label=pgettext_lazy("of a thing", "Name"))
    on = forms.ChoiceField(
        label=gettext_lazy("When it is asked"), choices=KINDS, widget=forms.RadioSelect, initial="event"
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("One of these"),
        choices=list(EVENTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    since = forms.ChoiceField(label=gettext_lazy("What has lasted"), choices=list(SINCE.items()), required=False)
    amount = forms.IntegerField(label=gettext_lazy("How long"), min_value=1, max_value=LONGEST_AMOUNT, required=False)
    unit = forms.ChoiceField(
        label=pgettext_lazy("of time", "Unit"), choices=[(unit.value, UNITS[unit]) for unit in Unit], required=False
    )
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    at = forms.TimeField(
        label=gettext_lazy("At"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    stops = forms.BooleanField(
        label=gettext_lazy("Stop here"),
        help_text=gettext_lazy("Where it fires, no rule below it is asked."),
        required=False,
    )
    inboxes = forms.TypedMultipleChoiceField(
        label=gettext_lazy("For which inboxes"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None chosen: for all of them."),
    )

    def __init__(self, data: QueryDict | None, *, content: Mapping[str, Any], number: int | None = None) -> None:
        self.named = Named()
        self.turn: Turn | None = None
        self.is_typing = False
        self.tree = typed(data) if data is not None else shown(read(content.get("conditions") or {"all": []}, is_field))
        if data is not None:
            data, self.turn = rows_turned(data)
            self.is_typing = turned(self.tree, data.get("turn", "")) or self.turn is not None or "look" in data
        super().__init__(data, initial=_initial(content) | {"number": number})
        choices = [(number, str(inbox)) for number, inbox in self.named.inboxes.items()]
        self.fields["inboxes"].choices = choices  # type: ignore[attr-defined]
        steps = steps_of(content.get("steps") or ())
        self.rows = step_rows(data, steps, allowed=OF_RULES, statuses=SETTABLE, named=self.named)
        if self.turn is not None:
            self.rows.go_on(self.turn)

    def go_on_from(self, number: int) -> None:
        """Saved again, it stands on top of this version."""
        data = cast(QueryDict, self.data).copy()
        data["number"] = str(number)
        self.data = data

    @property
    def conditions(self) -> Drawn:
        """The tree to be drawn."""
        return Drawn(self.tree, self.named, everything(self.named), str(self["on"].value() or "event") == "event")

    def is_valid(self) -> bool:
        """With its steps and its conditions, so that all show what is wrong."""
        node = node_of(self.tree, self.named) if self.is_bound else None
        self.node = written(node) if node is not None else None
        valid = super().is_valid(), not self.is_bound or self.rows.is_valid(), node is not None
        if self.is_bound and not self.rows.used:
            self.rows.errors.append(_("Add a step: a rule without steps does nothing."))
            return False
        return all(valid)

    def clean(self) -> dict[str, Any]:
        """What its kind asks for."""
        cleaned = super().clean() or {}
        wanted = {"event": ["events"], "time": ["since", "amount"], "schedule": ["days", "at"]}
        for name in wanted.get(str(cleaned.get("on")), []):
            if cleaned.get(name) in (None, "", []) and name not in self.errors:
                self.add_error(name, _("This field is required."))
        return cleaned

    @property
    def content(self) -> dict[str, Any]:
        """Of a valid form."""
        given = self.cleaned_data
        match given["on"]:
            case "event":
                trigger = OnEvent(tuple(given["events"])).plain
            case "time":
                trigger = OnTime(given["since"], Span(given["amount"], Unit(given["unit"] or Unit.HOURS))).plain
            case _:
                trigger = OnSchedule(tuple(given["days"]), given["at"]).plain
        return {
            "name": given["name"],
            "trigger": trigger,
            "conditions": self.node,
            "steps": [step.plain for step in steps_in(self.rows)],
            "stops": given["stops"],
            "inboxes": given["inboxes"],
        }


def _initial(content: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: content.get(name) for name in ("name", "stops")}
    known["inboxes"] = [str(number) for number in content.get("inboxes") or ()]
    if not content.get("trigger"):
        return {**known, "on": "event", "at": time(9), "days": list(range(5)), "unit": Unit.HOURS}
    match trigger_of(content["trigger"]):
        case OnEvent(events):
            return {**known, "on": "event", "events": list(events)}
        case OnTime(since, span):
            return {**known, "on": "time", "since": since, "amount": span.amount, "unit": span.unit.value}
        case OnSchedule(days, at):
            return {**known, "on": "schedule", "days": list(days), "at": at}
    return known
