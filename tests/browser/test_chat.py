"""A visitor of a shop, on a page of another origin under the strictest policy, talks with an agent at the desk."""

import pytest
from playwright.sync_api import Browser, expect

from tests.axe import violations
from tests.browser import shop
from tests.browser.conftest import Enters, Site
from tests.browser.rows import open_conversation
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_visitor_and_an_agent_talk(browser: Browser, desk: Site, enter: Enters) -> None:
    with shop.opened() as place:
        place.desk, place.key = desk.url, desk.run("tests.browser.shop", place.origin).split()[-1]
        bob = enter("bob").page
        visitor = Visitor.comes(browser, place.origin, viewport={"width": 390, "height": 760})
        page = visitor.page
        page.goto("/")
        page.get_by_role("button", name="Chat with us").press("Enter")
        chat = page.get_by_role("dialog", name="Example Ltd")
        box = chat.get_by_label("Your message")
        expect(box).to_be_focused()
        box.fill("Do you have size 44?")
        box.press("Enter")
        expect(chat.get_by_role("log")).to_contain_text("Do you have size 44?")
        open_conversation(bob, "Do you have size 44?")
        expect(bob.locator("#visitor")).to_contain_text("The visitor is here")
        answer = bob.get_by_label("Reply to")
        answer.press_sequentially("We do.")
        expect(chat.get_by_role("status").first).to_contain_text("is writing…")
        answer.fill("We do. Shall I keep a pair?\n[Yes, please] [No]")
        answer.press("Enter")
        chat.get_by_role("button", name="Yes, please").click()
        expect(bob.locator("#timeline")).to_contain_text("Yes, please")
        expect(bob.locator("#visitor")).to_contain_text("Seen")
        page.reload()
        page.get_by_role("button", name="Chat with us").click()
        expect(chat.locator(".bubble")).to_have_text(
            ["Do you have size 44?", "We do. Shall I keep a pair?", "Yes, please"]
        )
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Chat with us")).to_be_focused()
        visitor.leaves()
