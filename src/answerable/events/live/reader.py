"""Whose stream it is, and what they may hear. Blocking database work: call in a thread."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user, get_user_model
from django.db import close_old_connections
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from answerable.events.live.hint import Hint
from answerable.events.models import Event

MOST_MISSED = 1000
# Ids are given out before transactions commit, so one a little smaller may appear a little later.
# A hint sent twice is harmless; one never sent is a stale screen.
OVERLAP = 50
RECENT_SECONDS = 3.0
MOST_RECENT = 4096
# Who is in which team is for all staff to see, so that everybody's organisation chart follows.
OPEN = ("membership.", "user.joined", "user.deactivated", "user.reactivated")


@dataclass(frozen=True)
class Reader:
    user_id: int
    team_ids: frozenset[int]
    session_key: str
    session_hash: str  # of the password it was begun with

    def may_hear(self, hint: Hint) -> bool:
        """Hints of the reader's teams, of the company at large, their own, and of who is where."""
        if hint.root.startswith("user-"):
            return hint.root == f"user-{self.user_id}" or hint.verb.startswith(OPEN)
        return hint.team_id is None or hint.team_id in self.team_ids


class Recent:
    """Readers of the last few seconds, by session key. Forgotten altogether when anybody's rights change."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Reader | None]] = {}

    def reader(self, key: str) -> Reader | None:
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

    def forget(self) -> None:
        self._kept = {}


RECENT = Recent()


def reader_of(cookie_header: str) -> Reader | None:
    """The member of staff whose session cookie this is; none where there is no such session.

    Who opens one stream after the other is not asked for each time: see `RECENT`.
    """
    try:
        cookie = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if cookie is None or "\0" in cookie.value:
        return None
    return RECENT.reader(cookie.value)


def still_signed_in(readers: Collection[Reader]) -> set[str]:
    """Keys of those sessions that have neither ended nor been revoked (signing out deletes the row), and whose user
    is active and has the same password. Two queries."""
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
    users = get_user_model()._default_manager.filter(is_active=True).only("password")
    try:
        keys = {reader.session_key for reader in readers}
        alive = set(
            sessions.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list("session_key", flat=True)
        )
        hashes = {
            pk: user.get_session_auth_hash()
            for pk, user in users.in_bulk({reader.user_id for reader in readers}).items()
        }
    finally:
        close_old_connections()
    return {
        reader.session_key
        for reader in readers
        if reader.session_key in alive and hashes.get(reader.user_id) == reader.session_hash
    }


def missed_by(reader: Reader, since: int) -> list[Hint] | None:
    """The hints after event `since`, oldest first; none where they are too many to tell one by one."""
    try:
        events = list(
            Event.objects.filter(Q(team_id__in=reader.team_ids) | Q(team_id=None), id__gt=since - OVERLAP)
            .order_by("id")
            .values_list("id", "verb", "root", "team_id")[: MOST_MISSED + 1]
        )
    finally:
        close_old_connections()
    if len(events) > MOST_MISSED:
        return None
    return [hint for hint in (Hint(*event) for event in events) if reader.may_hear(hint)]


def _signed_in(key: str) -> Reader | None:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    try:
        user: Any = get_user(request)
        if not user.is_authenticated or not user.is_active:
            return None
        return Reader(user.pk, user.team_ids, key, user.get_session_auth_hash())
    finally:
        close_old_connections()
