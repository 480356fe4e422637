from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings

from tests.receiver import Receiver, receiving

if TYPE_CHECKING:
    from answerable.api.webhooks.models import Webhook
    from tests.cast import Cast

    Told = Callable[..., tuple[Webhook, str]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Whom webhooks may tell, though it is on loopback."""
    with receiving() as found, override_settings(OUTWARD_HOSTS=frozenset({f"127.0.0.1:{found.port}"})):
        yield found


@pytest.fixture
def told(receiver: Receiver) -> Told:
    """A webhook of the receiver, and its secret."""
    from answerable.api.webhooks.actions import add_webhook

    def add(cast: Cast, *groups: str, **more: object) -> tuple[Webhook, str]:
        given = {"name": "Warehouse", "url": receiver.url, "teams": [], "by": cast.ada} | more
        return add_webhook(groups=groups or ("conversations", "messages"), **given)  # type: ignore[arg-type]

    return add
