from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def site(transactional_db: None, cast: Cast, live_server: object) -> Iterator[str]:
    """The address of the whole site, served with the cast in its database."""
    cache.clear()
    yield str(live_server)
    cache.clear()


@pytest.fixture
def complaints() -> list[str]:
    """Script errors and what the content security policy refused."""
    return []


@pytest.fixture
def page(browser: Browser, site: str, complaints: list[str]) -> Iterator[Page]:
    """A page of the site that fails its test on any complaint."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
    yield opened
    context.close()
    assert complaints == []
