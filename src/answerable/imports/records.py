"""What all help desks have, whatever they call it: the records every reader of an export makes.

Keys are the other system's, as text. Times are Unix seconds; none where the export does not say.
"""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Organisation:
    key: str
    name: str
    domains: list[str] = field(default_factory=list)
    notes: str = ""


@dataclass(slots=True)
class Person:
    """A customer, or a member of their staff (`is_agent`)."""

    key: str
    name: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    organisation: str = ""
    language: str = ""
    is_agent: bool = False


@dataclass(slots=True)
class File:
    """A file of a message. `at` is where its bytes stand in the export (a stage's blob); empty: not in it."""

    name: str
    content_type: str = ""
    at: str = ""
    is_inline: bool = False
    content_id: str = ""


@dataclass(slots=True)
class Entry:
    """What somebody wrote in a ticket. Whether it came from the customer follows from its author, unless `inbound`
    says so. `order` breaks ties of `at`."""

    key: str
    ticket: str
    at: float | None = None
    author: str = ""
    author_name: str = ""
    is_public: bool = True
    inbound: bool | None = None
    is_automatic: bool = False
    text: str = ""
    html: str = ""
    message_id: str = ""
    files: list[File] = field(default_factory=list)


@dataclass(slots=True)
class Ticket:
    """`status` and `priority` as the other system calls them; `group` is what decides on our inbox."""

    key: str
    number: str = ""
    subject: str = ""
    status: str = ""
    priority: str = ""
    channel: str = ""
    group: str = ""
    requester: str = ""
    assignee: str = ""
    created_at: float | None = None
    updated_at: float | None = None
    solved_at: float | None = None
    closed_at: float | None = None
    reopened: int = 0
    tags: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    is_spam: bool = False
    is_deleted: bool = False


def plain(record: Organisation | Person | Entry | Ticket) -> dict[str, Any]:
    """As it is kept between reading and writing; without what is empty."""
    return {name: value for name, value in asdict(record).items() if value not in ("", [], None)}


def entry_of(data: dict[str, Any]) -> Entry:
    """What `plain` made of one."""
    return Entry(**{**data, "files": [File(**file) for file in data.get("files", ())]})
