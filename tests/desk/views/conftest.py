"""Everybody signed in, each at a browser of their own, and a conversation that waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from answerable.desk.models import Conversation
    from answerable.people.models import User
    from tests.cast import Cast

    Browser = Callable[[User], Client]


@pytest.fixture
def browser(cast: Cast) -> Browser:
    """A browser in which the person has signed in."""
    from django.test import Client

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def alice(cast: Cast, browser: Browser) -> Client:
    return browser(cast.alice)


@pytest.fixture
def bob(cast: Cast, browser: Browser) -> Client:
    return browser(cast.bob)


@pytest.fixture
def charlie(cast: Cast, browser: Browser) -> Client:
    return browser(cast.charlie)


@pytest.fixture
def quinn(cast: Cast, browser: Browser) -> Client:
    return browser(cast.quinn)


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    """Dace asks support about her order."""
    from tests.desk.views.stage import asked

    return asked(cast, "Where is my order?", "I ordered on Monday.")
