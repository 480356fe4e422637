"""Whose stream it is, and what they may hear. Blocking database work: call in a thread."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
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


@dataclass(frozen=True)
class Reader:
    user_id: int
    team_ids: frozenset[int]
    session_key: str

    def may_hear(self, hint: Hint) -> bool:
        """Hints of the reader's teams, of the company at large, and their own."""
        if hint.root.startswith("user-"):
            return hint.root == f"user-{self.user_id}"
        return hint.team_id is None or hint.team_id in self.team_ids


def reader_of(cookie_header: str) -> Reader | None:
    """The member of staff whose session cookie this is; none where there is no such session."""
    try:
        cookie = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if cookie is None or "\0" in cookie.value:
        return None
    request = HttpRequest()
    request.session = _session(cookie.value)
    try:
        user: Any = get_user(request)
        if not user.is_authenticated or not user.is_active:
            return None
        return Reader(user.pk, user.team_ids, cookie.value)
    finally:
        close_old_connections()


def still_signed_in(session_keys: list[str]) -> set[str]:
    """Those of the sessions that have neither ended nor been revoked; signing out deletes its row. One query."""
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
    try:
        alive = sessions.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
        return set(alive.values_list("session_key", flat=True))
    finally:
        close_old_connections()


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


def _session(key: str) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)
