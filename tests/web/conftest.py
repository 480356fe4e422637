from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.stage import Stage


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Pages without a database: the newest event is number 40, and every place of the rail is routed."""
    monkeypatch.setattr("answerable.web.navigation.reverse", lambda name: f"/{name}/")
    served = Stage()
    yield served
    served.close()


@pytest.fixture
def complaints() -> list[str]:
    """Script errors and what the content security policy refused; a test that provokes some clears it."""
    return []


@pytest.fixture
def page(browser: Browser, stage: Stage, complaints: list[str]) -> Iterator[Page]:
    """A page that fails its test on any complaint."""
    context = browser.new_context(base_url=stage.url, viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def browser_page(browser: Browser, stage: Stage) -> Iterator[Page]:
    """A page that lets a test put scripts of its own (axe) into it."""
    context = browser.new_context(base_url=stage.url, bypass_csp=True)
    yield context.new_page()
    context.close()
