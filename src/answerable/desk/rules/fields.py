"""What conditions can ask about: one vocabulary for rules, queues and the policy, with the company's own fields.

Names are those of `core.conditions` where the policy has them, too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from answerable.customers.models import Segment
from answerable.desk.details import YES
from answerable.desk.models import Field, Priority, Status
from answerable.desk.steps.names import Named
from answerable.web.channels import channel_names

OWN = "field:"
"""Before the number of a field of the company's own."""
Choices = Sequence[tuple[str, Any]]


class Kind(StrEnum):
    """What a field holds, which decides what can be asked of it."""

    CHOICE = "choice"
    TAGS = "tags"
    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    DUE = "due"


OPERATORS: Mapping[Kind, Mapping[str, Promise]] = {
    Kind.CHOICE: {
        "in": pgettext_lazy("a condition", "is one of"),
        "not_in": pgettext_lazy("a condition", "is none of"),
    },
    Kind.TAGS: {
        "in": pgettext_lazy("a condition", "has one of"),
        "not_in": pgettext_lazy("a condition", "has none of"),
    },
    Kind.TEXT: {
        "contains": pgettext_lazy("a condition", "contains one of"),
        "contains_not": pgettext_lazy("a condition", "contains none of"),
        "in": pgettext_lazy("a condition", "is exactly one of"),
        "not_in": pgettext_lazy("a condition", "is none of"),
    },
    Kind.NUMBER: {
        "at_least": pgettext_lazy("a condition", "is at least"),
        "at_most": pgettext_lazy("a condition", "is at most"),
    },
    Kind.TIME: {
        "within": pgettext_lazy("a condition", "was within the last"),
        "older": pgettext_lazy("a condition", "was longer ago than"),
        "since": pgettext_lazy("a condition", "is on or after"),
        "before": pgettext_lazy("a condition", "is before"),
    },
    Kind.DUE: {
        "ahead": pgettext_lazy("a condition", "is past, or within the next"),
        "older": pgettext_lazy("a condition", "was longer ago than"),
        "since": pgettext_lazy("a condition", "is on or after"),
        "before": pgettext_lazy("a condition", "is before"),
    },
}


@dataclass(frozen=True)
class Asked:
    """A field: how it is called, what it holds, what it may be. `of_events`: known only when something happens."""

    label: Any
    kind: Kind
    choices: Callable[[Named], Choices] | None = None
    of_events: bool = False


def _priorities(named: Named) -> Choices:
    return [(priority.name.lower(), priority.label) for priority in Priority]


def _teams(named: Named) -> Choices:
    return [(str(team.pk), str(team)) for team in named.teams.values()]


def _people(named: Named) -> Choices:
    return [("", _("nobody")), *((str(user.pk), str(user)) for user in named.people.values())]


def _authors(named: Named) -> Choices:
    return [
        ("customer", pgettext_lazy("who did something", "the customer")),
        ("agent", pgettext_lazy("who did something", "a colleague")),
        ("rule", pgettext_lazy("who did something", "another rule")),
        ("system", pgettext_lazy("who did something", "the system")),
    ]


YES_NO: Choices = [(YES, _("Yes")), ("no", _("No"))]
FIELDS: Mapping[str, Asked] = {
    "status": Asked(_("Status"), Kind.CHOICE, lambda named: Status.choices),
    "priority": Asked(_("Priority"), Kind.CHOICE, _priorities),
    "team": Asked(_("Team"), Kind.CHOICE, _teams),
    "assignee": Asked(_("Assignee"), Kind.CHOICE, _people),
    "tag": Asked(_("Tags"), Kind.TAGS),
    "subject": Asked(_("Subject"), Kind.TEXT),
    "text": Asked(_("Words of the message"), Kind.TEXT),
    "address": Asked(_("The customer’s addresses"), Kind.TEXT),
    "organisation": Asked(_("Organisation"), Kind.TEXT),
    "channel": Asked(_("Channel"), Kind.CHOICE, lambda named: list(channel_names().items())),
    "segment": Asked(_("Customer segment"), Kind.CHOICE, lambda named: _segments()),
    "region": Asked(_("Region"), Kind.TEXT),
    "language": Asked(_("Language"), Kind.CHOICE, lambda named: settings.LANGUAGES),
    "snoozed": Asked(pgettext_lazy("a conversation, for later", "Put aside"), Kind.CHOICE, lambda named: YES_NO),
    "office_hours": Asked(_("Within business hours"), Kind.CHOICE, lambda named: YES_NO),
    "created": Asked(_("When it began"), Kind.TIME),
    "asked": Asked(_("When the customer wrote last"), Kind.TIME),
    "solved": Asked(_("When it was solved"), Kind.TIME),
    "due": Asked(_("When the next promise falls due"), Kind.DUE),
    "waiting_hours": Asked(_("Hours the customer has waited"), Kind.NUMBER),
    "due_hours": Asked(_("Hours until the next promise falls due"), Kind.NUMBER),
    "reopened": Asked(_("Times reopened"), Kind.NUMBER),
    "messages": Asked(_("Number of messages"), Kind.NUMBER),
    "author": Asked(_("Who did it"), Kind.CHOICE, _authors, of_events=True),
    "status_before": Asked(_("Status before"), Kind.CHOICE, lambda named: Status.choices, of_events=True),
    "priority_before": Asked(_("Priority before"), Kind.CHOICE, _priorities, of_events=True),
    "team_before": Asked(_("Team before"), Kind.CHOICE, _teams, of_events=True),
    "assignee_before": Asked(_("Assignee before"), Kind.CHOICE, _people, of_events=True),
    "tag_added": Asked(_("Tags that were added"), Kind.TAGS, of_events=True),
    "score": Asked(_("Rating, from 1 to 5"), Kind.NUMBER, of_events=True),
}
OF_KIND = {
    Field.Kind.NUMBER: Kind.NUMBER,
    Field.Kind.CHOICE: Kind.CHOICE,
    Field.Kind.YES_NO: Kind.CHOICE,
}


def is_field(name: str) -> bool:
    """Whether conditions may speak of it."""
    return name in FIELDS or (name.startswith(OWN) and name.removeprefix(OWN).isdecimal())


def asked(name: str, named: Named) -> Asked | None:
    """A field by its name; None where there is none, or none any more."""
    if name in FIELDS:
        return FIELDS[name]
    field = named.fields.get(name.removeprefix(OWN))
    return _own(field) if field and name.startswith(OWN) else None


def everything(named: Named) -> list[tuple[str, Asked]]:
    """All fields there are."""
    return [*FIELDS.items(), *((f"{OWN}{number}", _own(field)) for number, field in named.fields.items())]


def _own(field: Field) -> Asked:
    language = get_language() or ""
    kind = OF_KIND.get(Field.Kind(field.kind), Kind.TEXT)
    choices: Choices = [(value, field.choice_in(language, value)) for value in field.choices]
    if field.kind == Field.Kind.YES_NO:
        choices = [(YES, _("Yes")), ("", _("No"))]
    elif kind is Kind.CHOICE:
        choices = [*choices, ("", _("nothing"))]
    return Asked(field.name_in(language), kind, (lambda named: choices) if kind is Kind.CHOICE else None)


def _segments() -> Choices:
    return list(Segment.objects.order_by("name").values_list("key", "name"))
