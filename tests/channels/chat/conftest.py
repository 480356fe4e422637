"""A chat of the support inbox, and somebody who visits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

if TYPE_CHECKING:
    from answerable.channels.chat.models import Widget
    from tests.cast import Cast
    from tests.channels.chat.browser import Browser


@pytest.fixture
def widget(cast: Cast) -> Widget:
    from answerable.channels.chat import here
    from tests.channels.chat.browser import open_chat

    cache.clear()
    here.forget()
    return open_chat(cast.support_inbox)


@pytest.fixture
def visitor(widget: Widget) -> Browser:
    from tests.channels.chat.browser import Browser

    return Browser(widget)
