"""Sessions as Django keeps them; each page begins with one, so its query is kept (`web.standing`)."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from answerable.web.standing import Given, Standing

LIVE = Standing(
    lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")).values_list("session_data")
)


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        found = LIVE.values(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])
