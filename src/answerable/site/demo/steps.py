"""What can happen in a conversation of the demonstration, each at its time, and one that is made of such steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from answerable.desk.models import Inbox, Priority
from answerable.people.models import Team, User
from answerable.site.demo.customers import Customer
from answerable.site.demo.opinions import Opinion
from answerable.site.demo.writing import Written


@dataclass(frozen=True)
class Step:
    at: datetime


@dataclass(frozen=True)
class Receive(Step):
    """The customer writes."""

    written: Written
    external_id: str


@dataclass(frozen=True)
class Reply(Step):
    by: User
    written: Written
    then: str


@dataclass(frozen=True)
class Note(Step):
    by: User
    text: str
    mentioned: tuple[User, ...] = ()


@dataclass(frozen=True)
class Assign(Step):
    by: User
    to: User


@dataclass(frozen=True)
class Tag(Step):
    by: User
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Prioritise(Step):
    """Only where it chooses no other standard for a running clock; the stage refuses it otherwise."""

    by: User
    to: Priority


@dataclass(frozen=True)
class Move(Step):
    by: User
    to: Team


@dataclass(frozen=True)
class Turn(Step):
    """Another status."""

    by: User
    to: str


@dataclass(frozen=True)
class Snooze(Step):
    by: User
    until: datetime


@dataclass(frozen=True)
class Script:
    """A conversation that will be. Its steps are whole seconds, each later than the one before."""

    inbox: Inbox
    customer: Customer
    subject: str
    steps: Sequence[Step]
    opinion: Opinion | None = None
