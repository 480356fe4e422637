"""What a form of the editor chooses from: languages, objectives, hours, chains, teams, people."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext as _

from answerable.core.policy import ALWAYS
from answerable.core.policy.spoken import spoken
from answerable.core.policy.touched import Part
from answerable.people.models import Team, User
from answerable.policy.editing.manuscript import Element, Manuscript
from answerable.policy.names import PRIORITIES, Names, channels, key_name, language_name

Choices = list[tuple[str, str]]


class Workshop:
    """A draft's document on the table, with the names of all that it may refer to."""

    def __init__(self, manuscript: Manuscript) -> None:
        self.manuscript = manuscript
        self.names = Names()

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The policy's own first, then those of the interface."""
        own = self.manuscript.language
        return (own, *(code for code, _name in settings.LANGUAGES if code != own))

    def called(self, element: Element) -> str:
        """What people call an element: its title, its sentence or its key as a name."""
        own = self.manuscript.language
        for name in ("sentence", "promise", "title"):
            value = element.values.get(name)
            if isinstance(value, dict):
                value = spoken({key: str(each) for key, each in value.items()}, own, own)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return key_name(element.key) if element.key else pgettext("of the policy", "Without a name")

    def choices(self, part: Part) -> Choices:
        """The elements of a part by key."""
        return [(each.key, self.called(each)) for each in self.manuscript.elements(part) if each.key]

    @property
    def hours(self) -> Choices:
        return [*self.choices(Part.HOURS), (ALWAYS, gettext("around the clock"))]

    @property
    def mission(self) -> Choices:
        """The mission sentence by sentence, to choose which an objective serves."""
        mission = self.manuscript.values.get("mission")
        return [(each, each) for each in sentences(mission)] if isinstance(mission, str) else []

    @cached_property
    def accepted(self) -> dict[str, Choices]:
        """What conditions may name, by field; a region is typed."""
        return {
            "channel": list(channels().items()),
            "priority": [(key, str(name)) for key, name in PRIORITIES.items()],
            "segment": sorted(self.names.segments.items(), key=lambda each: each[1]),
            "language": [(code, language_name(code)) for code, _name in settings.LANGUAGES],
            "team": list(Team.objects.filter(retired_at=None).order_by("name").values_list("key", "name")),
        }

    @cached_property
    def staff(self) -> Choices:
        people = User.objects.active().values_list("email", "name")
        return sorted(((email, name or email) for email, name in people), key=lambda each: each[1])

    @cached_property
    def recipients(self) -> Choices:
        """Whom an escalation may concern."""
        return [
            ("assignee", _("the assignee")),
            ("lead", _("the team lead")),
            ("team", _("the whole team")),
            *((f"team:{key}", _("team %(name)s") % {"name": name}) for key, name in self.accepted["team"]),
            *((f"user:{email}", name) for email, name in self.staff),
        ]


def with_present(choices: Iterable[tuple[str, Any]], present: Iterable[str]) -> Choices:
    """The choices, and what the document says already though nobody knows it."""
    known = [(key, str(name)) for key, name in choices]
    keys = {key for key, _name in known}
    return [*known, *((each, each) for each in dict.fromkeys(present) if each not in keys and each)]


def sentences(text: str) -> list[str]:
    """A text cut after full stops, question and exclamation marks, and at the ends of lines."""
    found = []
    for line in text.splitlines():
        words, begun = line.split(), 0
        for place, word in enumerate(words, 1):
            if word[-1] in ".!?…" or place == len(words):
                found.append(" ".join(words[begun:place]))
                begun = place
    return found
