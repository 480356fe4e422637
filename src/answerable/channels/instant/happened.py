"""What can happen on a messenger, whichever it is. A messenger's own words are read into these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Person:
    """Somebody on the messenger: their account there, and what they call themselves."""

    account: str
    name: str = ""
    phone: str = ""
    """With a + in front, where the account is one."""


@dataclass(frozen=True)
class Remote:
    """A file that the messenger keeps. `where` is what it needs to find it again."""

    name: str
    content_type: str
    where: Mapping[str, Any]
    size: int | None = None  # bytes, as they say


@dataclass(frozen=True)
class Said:
    """A person wrote. `rewords`: the name of a message of theirs that these are the new words of."""

    chat: str
    sender: Person
    external_id: str
    text: str
    html: str = ""
    folds: Sequence[Sequence[int]] = ()
    files: Sequence[Remote] = ()
    rewords: str = ""
    automatic: bool = False
    sent_at: datetime | None = None
    account: str = ""
    """Of ours, that they wrote to; not needed once the chat is known."""
    answers: str = ""
    """The name of the message that it answers, where its text does not quote it."""


@dataclass(frozen=True)
class Withdrew:
    """A message of theirs shall be seen no longer."""

    chat: str
    external_id: str


@dataclass(frozen=True)
class Progressed:
    """A message of ours reached them (`read`: was seen, and with it all before it)."""

    chat: str
    external_id: str
    at: datetime
    read: bool = False
    is_ours: bool = False
    """It is certain to be ours, also where we don't know it yet."""


@dataclass(frozen=True)
class Refused:
    """A message of ours did not reach them, although the messenger took it."""

    chat: str
    external_id: str
    reason: str
    is_ours: bool = True


@dataclass(frozen=True)
class Echoed:
    """A piece of ours is there, under this name: what we called it comes back with it."""

    chat: str
    external_id: str
    key: str


@dataclass(frozen=True)
class Joined:
    """We are in a chat by this account of ours."""

    chat: str
    account: str
    is_encrypted: bool = False


@dataclass(frozen=True)
class Parted:
    """We are no longer in it, or nobody but us is."""

    chat: str


@dataclass(frozen=True)
class Moved:
    """The chat goes on elsewhere."""

    chat: str
    to: str


@dataclass(frozen=True)
class Renamed:
    """A person is called otherwise now: by this name, and no longer by one of those `before`."""

    account: str
    name: str
    before: Sequence[str]


@dataclass(frozen=True)
class Encrypted:
    """From now on we can't read what is written. With an `external_id`: something was, by this person."""

    chat: str
    sender: Person = field(default_factory=lambda: Person(""))
    external_id: str = ""
    sent_at: datetime | None = None


Happening = Said | Withdrew | Progressed | Refused | Echoed | Joined | Parted | Moved | Renamed | Encrypted
