"""Sensible rules to begin with. Each is a form filled in; nothing is switched on before somebody says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from answerable.core.rules.step import ASSIGNEE, LEAD, Do, Step


@dataclass(frozen=True)
class Starter:
    """A rule to begin with."""

    name: Promise
    about: Promise
    trigger: dict[str, Any]
    conditions: dict[str, Any]
    steps: tuple[tuple[Do, str, Any], ...]

    @property
    def content(self) -> dict[str, Any]:
        """As the form wants it, its texts in the reader's language."""
        return {
            "name": str(self.name),
            "trigger": self.trigger,
            "conditions": self.conditions,
            "steps": [Step(do, to, str(text)).plain for do, to, text in self.steps],
            "stops": False,
            "inboxes": [],
        }


STARTERS: Mapping[str, Starter] = {
    "urgent_words": Starter(
        gettext_lazy("Urgent words"),
        gettext_lazy("Whoever writes of danger or of a lawyer comes first, and the lead hears of it."),
        {"on": "event", "events": ["opened", "received"]},
        {
            "any": [
                {"field": "subject", "contains": ["urgent", "lawyer", "danger"]},
                {"field": "text", "contains": ["lawyer", "danger", "injured"]},
            ]
        },
        ((Do.SET_PRIORITY, "urgent", ""), (Do.NOTIFY, LEAD, "")),
    ),
    "remind": Starter(
        gettext_lazy("Remind the customer"),
        gettext_lazy("Whoever has not answered us for three business days is asked once more."),
        {"on": "time", "since": "pending", "span": "3 business_days"},
        {"all": []},
        (
            (
                Do.REPLY,
                "",
                gettext_lazy("Dear {{ contact.first_name }},\n\nis your question still open? We wait for your answer."),
            ),
        ),
    ),
    "solve": Starter(
        gettext_lazy("Solve what nobody answers"),
        gettext_lazy("What has been pending for ten business days is solved; the customer’s answer opens it again."),
        {"on": "time", "since": "pending", "span": "10 business_days"},
        {"all": []},
        ((Do.SET_STATUS, "solved", ""), (Do.ADD_TAGS, "", "no answer")),
    ),
    "close": Starter(
        gettext_lazy("Close what is solved"),
        gettext_lazy("After thirty days an answer begins a new conversation instead of opening the old one."),
        {"on": "time", "since": "solved", "span": "30 days"},
        {"all": []},
        ((Do.SET_STATUS, "closed", ""),),
    ),
    "due_soon": Starter(
        gettext_lazy("A promise falls due"),
        gettext_lazy("An hour before a promise falls due, whoever has the conversation is told."),
        {"on": "time", "since": "due", "span": "1 hours"},
        {"all": []},
        ((Do.NOTIFY, ASSIGNEE, ""),),
    ),
    "bad_rating": Starter(
        gettext_lazy("A bad rating"),
        gettext_lazy("A rating of one or two reaches the lead at once."),
        {"on": "event", "events": ["rated"]},
        {"all": [{"field": "score", "at_most": "2"}]},
        ((Do.ADD_TAGS, "", "unhappy"), (Do.NOTIFY, LEAD, "")),
    ),
    "morning": Starter(
        gettext_lazy("Every morning"),
        gettext_lazy("On weekdays at nine, what nobody has taken for a day becomes more pressing."),
        {"on": "schedule", "days": [0, 1, 2, 3, 4], "at": "09:00"},
        {"all": [{"field": "assignee", "in": [""]}, {"field": "waiting_hours", "at_least": "24"}]},
        ((Do.RAISE_PRIORITY, "", ""),),
    ),
}
