"""Sessions that have ended do not stay for years."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from answerable.people.sessions import forget_ended
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def signed_in(cast: Cast, key: str, ends_in: timedelta | None) -> None:
    if ends_in is not None:
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + ends_in)
    device = UserSession.objects.create(user=cast.bob, session_key=key, ip="127.0.0.1", user_agent="")
    UserSession.objects.filter(pk=device.pk).update(created_at=timezone.now() - 15 * DAY)


def test_what_has_ended_is_forgotten_with_its_device(cast: Cast) -> None:
    signed_in(cast, "over", -DAY)
    signed_in(cast, "goes on", DAY)
    signed_in(cast, "signed out", None)
    UserSession.objects.create(user=cast.bob, session_key="begins", ip="127.0.0.1", user_agent="")
    assert forget_ended() is None
    assert list(Session.objects.values_list("pk", flat=True)) == ["goes on"]
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"goes on", "begins"}


def test_many_are_forgotten_in_portions(cast: Cast) -> None:
    for key in "abc":
        signed_in(cast, key, -DAY)
    assert (forget_ended(2), forget_ended(2)) == (0.0, None)
    assert not Session.objects.exists()
