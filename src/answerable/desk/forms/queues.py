"""A queue as a form: what its conversations have in common, everything of it at once."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from answerable.core.conditions import PRIORITIES
from answerable.core.criteria import All, Check, Node, Unreadable, read, written
from answerable.customers.models import Segment
from answerable.desk.criteria import LONGEST_HOURS, ME, OWN_FIELD, TIMES, is_field
from answerable.desk.details import YES
from answerable.desk.forms.details import CHOSEN
from answerable.desk.forms.when import WhenField
from answerable.desk.models import Field, Inbox, Priority, SavedQueue, Status
from answerable.desk.models.conversation import UNSOLVED
from answerable.desk.rules.fields import FIELDS, Kind
from answerable.people.models import Team, User
from answerable.web.channels import channel_names

MOST_PEOPLE = 300
LONGEST_TAGS = 500
NOBODY = "nobody"
ME_OR_NOBODY = "me_or_nobody"
STATUSES = [(each.value, each.label) for each in (*UNSOLVED, Status.SOLVED, Status.CLOSED)]
BOXES: dict[str, Any] = {"widget": forms.CheckboxSelectMultiple, "required": False}
OF_SETS = ("status", "priority", "channel", "inbox", "team", "segment", "language")
"""Asked with boxes; none ticked accepts everything."""


class QueueForm(forms.Form):
    """`revision` says what the page had shown. `conditions` afterwards: a tree, as it is kept."""

    mostly_optional = True  # so it is not said of each
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(max_length=60, label=pgettext_lazy("of a thing", "Name"))
    team = forms.ChoiceField(label=gettext_lazy("For"), required=False, choices=())
    order = forms.ChoiceField(label=pgettext_lazy("of a list", "Order"), choices=SavedQueue.Order.choices)
    status = forms.MultipleChoiceField(label=gettext_lazy("Status"), choices=STATUSES, **BOXES)
    snoozed = forms.ChoiceField(
        label=gettext_lazy("Snoozed"),
        choices=[
            ("no", gettext_lazy("Only those that are awake")),
            ("yes", gettext_lazy("Only those that are snoozed")),
            ("", gettext_lazy("Both (such a queue has no count)")),
        ],
        required=False,
    )
    assignee = forms.ChoiceField(label=gettext_lazy("Assigned to"), required=False, choices=())
    priority = forms.MultipleChoiceField(
        label=gettext_lazy("Priority"),
        choices=[(key, label) for key, label in zip(PRIORITIES, Priority.labels, strict=True)],
        **BOXES,
    )
    tag = forms.CharField(
        label=gettext_lazy("Tags"),
        max_length=LONGEST_TAGS,
        required=False,
        help_text=gettext_lazy("One of these, separated by commas."),
    )
    waiting_hours = forms.IntegerField(
        label=gettext_lazy("The customer has waited for so many hours"),
        min_value=0,
        max_value=LONGEST_HOURS,
        required=False,
    )
    due_hours = forms.IntegerField(
        label=gettext_lazy("A promise is late or falls due within so many hours"),
        min_value=0,
        max_value=LONGEST_HOURS,
        required=False,
    )
    created = WhenField(Kind.TIME, label=FIELDS["created"].label)
    asked = WhenField(Kind.TIME, label=FIELDS["asked"].label)
    solved = WhenField(Kind.TIME, label=FIELDS["solved"].label)
    due = WhenField(Kind.DUE, label=FIELDS["due"].label)
    team_of = forms.MultipleChoiceField(label=gettext_lazy("Team"), choices=(), **BOXES)
    inbox = forms.MultipleChoiceField(label=gettext_lazy("Inbox"), choices=(), **BOXES)
    channel = forms.MultipleChoiceField(label=gettext_lazy("Channel"), choices=(), **BOXES)
    segment = forms.MultipleChoiceField(label=gettext_lazy("Customer segment"), choices=(), **BOXES)
    language = forms.MultipleChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES, **BOXES)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Fields shown in each row"), choices=(), help_text=gettext_lazy("Three at most."), **BOXES
    )

    def __init__(
        self, data: Any, *, reader: User, teams: Iterable[Team], queue: SavedQueue | None, fields: Sequence[Field]
    ) -> None:
        super().__init__(data, initial=_known(queue))
        self.own = fields
        of = self.fields
        _choose(of["team"], [("", gettext_lazy("Me alone")), *((str(team.pk), team.name) for team in teams)])
        colleagues = User.objects.active().in_teams(reader.team_ids).order_by("name", "id")[:MOST_PEOPLE]
        _choose(
            of["assignee"],
            [
                ("", gettext_lazy("Anybody or nobody")),
                (ME, gettext_lazy("Whoever looks at the queue")),
                (NOBODY, gettext_lazy("Nobody")),
                (ME_OR_NOBODY, gettext_lazy("Whoever looks, or nobody")),
                *((str(person.pk), str(person)) for person in colleagues),
            ],
        )
        _choose(of["team_of"], [(str(team.pk), team.name) for team in Team.objects.visible_to(reader)])
        inboxes = Inbox.objects.filter(team__in=reader.team_ids, retired_at=None)
        _choose(of["inbox"], [(str(inbox.pk), inbox.name) for inbox in inboxes])
        _choose(of["channel"], channel_names().items())
        _choose(of["segment"], [(segment.key, segment.name) for segment in Segment.objects.order_by("name")])
        language = get_language() or ""
        for field in fields:
            of.update(_asked(field, language))
            name = _names(field)[0]
            if field.kind in CHOSEN and isinstance(self.initial.get(name), str):
                self.initial[name] = [self.initial[name]]
        _choose(of["columns"], [(str(field.pk), field.name_in(language)) for field in fields])
        for name in ("segment", "inbox", "team_of", "columns"):
            if not _choices(of[name]):
                del of[name]

    def clean_columns(self) -> list[int]:
        chosen = [int(key) for key in self.cleaned_data["columns"]]
        if len(chosen) > 3:
            raise forms.ValidationError(_("Three fields at most."))
        return chosen

    @property
    def whose(self) -> list[forms.BoundField]:
        return [self["name"], self["team"], self["order"]]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The conditions by what they are about."""
        named = {
            _("The conversation"): ("status", "assignee", "priority", "tag", "snoozed"),
            _("Time"): ("waiting_hours", "due_hours", *TIMES),
            _("Where it came in"): ("team_of", "inbox", "channel"),
            _("The customer"): ("segment", "language"),
            _("Fields"): (*(name for field in self.own for name in _names(field)), "columns"),
        }
        groups = [(title, [self[name] for name in names if name in self.fields]) for title, names in named.items()]
        return [(title, found) for title, found in groups if found]

    @property
    def conditions(self) -> dict[str, Any]:
        """Of a valid form."""
        given = self.cleaned_data
        chosen = [(name, given.get("team_of" if name == "team" else name)) for name in OF_SETS]
        parts: list[Node] = [Check(name, "in", tuple(values)) for name, values in chosen if values]
        if given["snoozed"]:
            parts.append(Check("snoozed", "in", (given["snoozed"],)))
        if who := given["assignee"]:
            parts.append(Check("assignee", "in", {NOBODY: ("",), ME_OR_NOBODY: (ME, "")}.get(who, (who,))))
        if tags := tuple(tag.strip().lower() for tag in given["tag"].split(",") if tag.strip()):
            parts.append(Check("tag", "in", tags))
        if given["waiting_hours"] is not None:
            parts.append(Check("waiting_hours", "at_least", (str(given["waiting_hours"]),)))
        if given["due_hours"] is not None:
            parts.append(Check("due_hours", "at_most", (str(given["due_hours"]),)))
        parts += [Check(name, how, (value,)) for name in TIMES for how, value in given[name].items()]
        for field in self.own:
            parts += _checks(field, given)
        return written(All(tuple(parts)))


def _choose(field: forms.Field, choices: Iterable[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def _choices(field: forms.Field) -> list[Any]:
    assert isinstance(field, forms.ChoiceField)
    choices: Any = field.choices
    return list(choices)


def _names(field: Field) -> tuple[str, ...]:
    name = f"own_{field.pk}"
    return (f"{name}_from", f"{name}_to") if field.kind == Field.Kind.NUMBER else (name,)


def _asked(field: Field, language: str) -> dict[str, forms.Field]:
    """What asks for a field of the company's own."""
    label = field.name_in(language)
    names = _names(field)
    match field.kind:
        case Field.Kind.CHOICE | Field.Kind.SEVERAL:
            choices = [(value, field.choice_in(language, value)) for value in field.choices]
            return {names[0]: forms.MultipleChoiceField(label=label, choices=choices, **BOXES)}
        case Field.Kind.YES_NO:
            either: list[tuple[str, Any]] = [
                ("", gettext_lazy("Either")),
                (YES, gettext_lazy("Yes")),
                ("no", gettext_lazy("No")),
            ]
            return {names[0]: forms.ChoiceField(label=label, choices=either, required=False)}
        case Field.Kind.NUMBER:
            bound: dict[str, Any] = {"max_digits": 24, "required": False, "localize": True}
            return {
                names[0]: forms.DecimalField(label=_("%(field)s, at least") % {"field": label}, **bound),
                names[1]: forms.DecimalField(label=_("%(field)s, at most") % {"field": label}, **bound),
            }
        case Field.Kind.DATE:
            control = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            return {names[0]: forms.DateField(label=label, widget=control, required=False)}
    return {names[0]: forms.CharField(label=label, max_length=200, required=False)}


def _checks(field: Field, given: dict[str, Any]) -> list[Check]:
    name, values = f"{OWN_FIELD}{field.pk}", [given.get(each) for each in _names(field)]
    match field.kind:
        case Field.Kind.NUMBER:
            bounds = zip(("at_least", "at_most"), values, strict=True)
            return [Check(name, sign, (f"{value:f}",)) for sign, value in bounds if value is not None]
        case Field.Kind.DATE:
            return [Check(name, "in", (values[0].isoformat(),))] if values[0] else []
        case Field.Kind.YES_NO:
            return [Check(name, "in", (YES if values[0] == YES else "",))] if values[0] else []
        case Field.Kind.CHOICE | Field.Kind.SEVERAL:
            return [Check(name, "in", tuple(values[0]))] if values[0] else []
    return [Check(name, "in", (values[0].strip(),))] if values[0] and values[0].strip() else []


def _known(queue: SavedQueue | None) -> dict[str, Any]:
    """What stands, as the form asks for it."""
    if queue is None:
        return {"status": list(UNSOLVED), "snoozed": "no"}
    known: dict[str, Any] = {
        "revision": queue.revision,
        "name": queue.name,
        "team": str(queue.team_id or ""),
        "order": queue.order,
        "columns": [str(key) for key in queue.columns],
        "snoozed": "",
    }
    try:
        tree = read(queue.conditions, is_field)
    except Unreadable:
        return known
    for part in tree.parts if isinstance(tree, All) else ():
        if isinstance(part, Check) and part.field in TIMES:
            known.setdefault(part.field, {})[part.operator] = part.values[0]
        elif isinstance(part, Check):
            known |= _shown(part)
    return known


def _shown(check: Check) -> dict[str, Any]:
    values = list(check.values)
    if check.field.startswith(OWN_FIELD):
        name = f"own_{check.field.removeprefix(OWN_FIELD)}"
        if check.operator != "in":
            return {f"{name}_{'from' if check.operator == 'at_least' else 'to'}": Decimal(values[0])}
        return {name: values if len(values) > 1 else values[0] or "no"}
    if check.field == "assignee":
        return {"assignee": ME_OR_NOBODY if len(values) > 1 else values[0] or NOBODY}
    if check.field == "tag":
        return {"tag": ", ".join(values)}
    if check.field in OF_SETS:
        return {"team_of" if check.field == "team" else check.field: values}
    return {check.field: values[0]}
