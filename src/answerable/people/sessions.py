"""Sessions as Django keeps them; each page begins with one, so its query is kept (`web.standing`)."""

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from answerable.web.standing import Given, Standing

LIVE = Standing(
    lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")).values_list("session_data")
)

LISTED_FOR = timedelta(days=1)
"""Whoever has just signed in is listed a moment before their session is there."""


def forget_ended(limit: int = 10_000) -> float | None:
    """Take away sessions that have ended by themselves, and what the list of somebody's devices knew of any that is
    gone. Seconds until there is more to do; None when all is gone."""
    now = timezone.now()
    keys = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:limit])
    Session.objects.filter(pk__in=keys).delete()
    gone = ~Exists(Session.objects.filter(pk=OuterRef("session_key")))
    UserSession.objects.filter(gone, created_at__lt=now - LISTED_FOR).delete()
    return 0.0 if len(keys) == limit else None


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        found = LIVE.values(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])
