"""The door of those who work here: by their session, hints of their teams. Blocking database work."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user, get_user_model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from answerable.events.live.hint import Hint
from answerable.events.live.missing import of_teams
from answerable.events.live.reader import Headers
from answerable.events.live.station import LOOKOUTS

RECENT_SECONDS = 3.0
MOST_RECENT = 4096
# Who is in which team is for all staff to see, so that everybody's organisation chart follows.
OPEN = ("membership.", "user.joined", "user.deactivated", "user.reactivated")
# Events after which somebody may see other things than before: their streams begin anew.
RIGHTS_CHANGED = ("user.", "membership.", "team.", "session.")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff, signed in."""

    user_id: int
    team_ids: frozenset[int]
    key: str
    session_hash: str  # of the password it was begun with

    roots: ClassVar[None] = None
    most: ClassVar[int] = 20  # a browser shares one among its tabs
    room: ClassVar[float] = 1.0
    headers: ClassVar[tuple[tuple[bytes, bytes], ...]] = ()

    def may_hear(self, hint: Hint) -> bool:
        """Hints of their teams, of the company at large, their own, and of who is where."""
        if hint.root.startswith("user-"):
            return hint.root == f"user-{self.user_id}" or hint.verb.startswith(OPEN)
        return hint.team_id is None or hint.team_id in self.team_ids

    def is_ended_by(self, hint: Hint) -> bool:
        if not hint.verb.startswith(RIGHTS_CHANGED):
            return False
        return hint.verb.startswith("team.") or hint.root == f"user-{self.user_id}"

    def missed(self, since: int) -> list[Hint] | None:
        found = of_teams(self.team_ids, since)
        return None if found is None else [hint for hint in found if self.may_hear(hint)]

    @classmethod
    def standing(cls, readers: "Sequence[Colleague]") -> Collection[str]:
        """Keys of those sessions that have neither ended nor been revoked (signing out deletes the row), and whose
        user is active and has the same password. Two queries, and what `settings.CONNECTED` does with who is there."""
        if not readers:
            return ()
        people = {reader.user_id for reader in readers}
        import_string(settings.CONNECTED)(people)
        sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
        users = get_user_model()._default_manager.filter(is_active=True).only("password")
        keys = {reader.key for reader in readers}
        unended = sessions.filter(session_key__in=keys, expire_date__gt=timezone.now())
        alive = set(unended.values_list("session_key", flat=True))
        hashes = {pk: user.get_session_auth_hash() for pk, user in users.in_bulk(people).items()}
        return {
            reader.key
            for reader in readers
            if reader.key in alive and hashes.get(reader.user_id) == reader.session_hash
        }


class Recent:
    """Readers of the last few seconds, by session key. Forgotten altogether when anybody's rights change."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Colleague | None]] = {}

    def reader(self, key: str) -> Colleague | None:
        kept = self._kept
        until, known = kept.get(key, (0.0, None))
        if until > time.monotonic():
            return known
        found = _signed_in(key)
        if found is not None:
            if len(kept) >= MOST_RECENT:
                kept.clear()
            kept[key] = time.monotonic() + RECENT_SECONDS, found  # lost, if forgotten while we asked
        return found

    def hear(self, hint: Hint | None) -> None:
        """Of a hint, or (None) that some may have been missed."""
        if hint is None or hint.verb.startswith(RIGHTS_CHANGED):
            self.forget()

    def forget(self) -> None:
        self._kept = {}


RECENT = Recent()
_hear: Callable[[Hint | None], None] = RECENT.hear
LOOKOUTS.append(_hear)


def reader_of(headers: Headers, query: str) -> Colleague | None:
    """The member of staff whose session cookie this is; none where there is no such session.

    Who opens one stream after the other is not asked for each time: see `RECENT`.
    """
    try:
        cookie = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if cookie is None or "\0" in cookie.value:
        return None
    return RECENT.reader(cookie.value)


def _signed_in(key: str) -> Colleague | None:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user: Any = get_user(request)
    if not user.is_authenticated or not user.is_active:
        return None
    return Colleague(user.pk, user.team_ids, key, user.get_session_auth_hash())
