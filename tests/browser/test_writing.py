"""Writing an answer with its looks."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enters, Writes
from tests.browser.rows import open_conversation

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASTE = """(area, html) => { const carried = new DataTransfer(); carried.setData("text/html", html);
area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true })); }"""
PASTED = '<p>See <a href="javascript:alert(1)">here</a> or <a href="https://shop.example/">there</a>.</p>'


def test_what_is_pasted_keeps_only_links_that_lead_somewhere(enter: Enters, customer: Writes) -> None:
    customer().write("A long list", "Which ones are there?")
    page = enter("bob").page
    open_conversation(page, "A long list")
    page.get_by_role("button", name="Formatting").click()
    area = page.locator("[contenteditable=true]")
    area.click()
    area.evaluate(PASTE, PASTED)
    expect(area).to_have_text("See here or there.")
    expect(area.locator("a")).to_have_count(1)
    expect(area.get_by_role("link", name="there")).to_have_attribute("href", "https://shop.example/")
