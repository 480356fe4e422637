"""Taking steps: on a conversation that is held, by somebody or by nobody, each answering what it did."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from answerable.core.policy import Recipient
from answerable.core.policy import Step as Escalated
from answerable.core.rules.step import Do, Step
from answerable.desk.actions.held import Held
from answerable.desk.models import Conversation, Field
from answerable.desk.steps.deeds import DEEDS
from answerable.desk.steps.outcome import Outcome
from answerable.desk.steps.recipients import recipient_of, recipients
from answerable.events.models import Event
from answerable.people.models import Team, User
from answerable.people.standing_in import Acting, StandIns

T = TypeVar("T")


@dataclass
class Steps:
    """Steps of one moment, however many: who is meant and who is away is asked once, and remembered.

    `by` is who takes them; nobody: the system. Whoever holds the conversation has checked that they may.
    """

    stand_ins: StandIns
    by: User | None = None
    _recipients: dict[tuple[Recipient, int], list[User]] = field(default_factory=dict)
    _teams: dict[str, Team | None] = field(default_factory=dict)
    _people: dict[str, User | None] = field(default_factory=dict)
    _fields: dict[str, Field | None] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return self.stand_ins.at

    def take(self, step: Step | Escalated, held: Held, **about: Any) -> Outcome:
        """Take one step; `about` goes into the notices it sends.

        A macro or a rule whose step names what there is no longer raises `Broken`; what cannot be done to this
        conversation raises `Refused`.
        """
        plain = step if isinstance(step, Step) else _plain(step)
        return {"do": str(plain.do)} | DEEDS[plain.do](self, plain, held, about)

    def acting(self, to: Recipient | None, conversation: Conversation) -> list[Acting]:
        """Who is meant, as `recipients` says; for those who are away, who acts instead of them."""
        return self.stand_ins.acting(self._meant(to, conversation), conversation.team)

    def meant(self, to: str, conversation: Conversation) -> list[Acting]:
        """The same, as a step says it."""
        return self.acting(recipient_of(to), conversation)

    def team(self, key: str) -> Team | None:
        """A team in use."""
        return _once(self._teams, key, lambda: Team.objects.filter(key=key, retired_at=None).first())

    def person(self, email: str) -> User | None:
        """A colleague who may sign in."""
        found = User.objects.active().with_roles().filter(email__iexact=email)
        return _once(self._people, email.lower(), found.first)

    def field_of(self, number: str) -> Field | None:
        """A field that is asked for."""
        rows = Field.objects.current().filter(pk=int(number) if number.isdecimal() else 0)
        return _once(self._fields, number, rows.first)

    def solver(self, conversation: Conversation) -> User | None:
        """Who solved it last, if they may sign in."""
        solved = Event.objects.filter(root=f"conversation-{conversation.pk}", verb="conversation.solved")
        last = solved.exclude(actor=None).order_by("-id").values_list("actor_id", flat=True).first()
        return User.objects.active().with_roles().filter(pk=last).first() if last else None

    def _meant(self, to: Recipient | None, conversation: Conversation) -> list[User]:
        if to is None:
            return []
        if to == recipient_of("assignee") and conversation.assignee_id is not None:
            return recipients(to, conversation)
        asked = to, conversation.team_id
        if asked not in self._recipients:
            self._recipients[asked] = recipients(to, conversation)
        return self._recipients[asked]


def _plain(step: Escalated) -> Step:
    return Step(Do(step.do), str(step.to or ""))


def _once(known: dict[str, T], key: str, find: Callable[[], T]) -> T:
    if key not in known:
        known[key] = find()
    return known[key]
