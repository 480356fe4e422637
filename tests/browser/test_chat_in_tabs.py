"""A visitor's browser: its tabs know of one another, and what a page of the shop does to itself harms no chat."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Enters, Site
from tests.browser.test_chat import say, shopping

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOUD = "const all = new CSSStyleSheet(); all.replaceSync('* { font-size: 60px; color: red; position: static }');"
LATER = re.compile(r"/conversations/\d+/\?.*\bafter=[1-9]")
"""What they have not been told yet is asked for."""
REFUSED = "Object.defineProperty(window, '%s', { get() { throw new DOMException('no', 'SecurityError'); } });"


def test_all_tabs_are_one_visitor(browser: Browser, desk: Site, enter: Enters) -> None:
    """Both were open before anything was written; who goes in one is gone from the other."""
    enter("bob")
    with shopping(browser, desk) as visitor:
        page = visitor.page
        other = visitor.listen(visitor.context.new_page())
        other.goto("/")
        launcher(other)
        launcher(page).click()
        say(chat_of(page), "Written in the one tab.")
        expect(chat_of(page).locator(".mine:not(.waiting)")).to_have_count(1)
        launcher(other).click()
        expect(chat_of(other).locator(".bubble")).to_have_text(["Written in the one tab."])
        say(chat_of(other), "Written in the other.")
        expect(chat_of(page).locator(".bubble")).to_have_text(["Written in the one tab.", "Written in the other."])
        page.reload()
        launcher(page).click()
        expect(chat_of(page).locator(".bubble")).to_have_count(2)
        other.evaluate("Answerable.forget()")
        expect(chat_of(page)).not_to_contain_text("Written in")


def test_a_first_message_is_sent_after_a_reload(browser: Browser, desk: Site, enter: Enters) -> None:
    enter("bob")
    with shopping(browser, desk) as visitor:
        page = visitor.page
        launcher(page).click()
        page.route("**/messages/*", lambda route: route.abort())
        say(chat_of(page), "Is this shop open?")
        expect(chat_of(page)).to_contain_text("Not sent yet")
        page.unroute("**/messages/*")
        with page.expect_response("**/messages/*"):
            page.reload()
        launcher(page).click()
        expect(chat_of(page).locator(".mine:not(.waiting) .bubble")).to_have_text(["Is this shop open?"])
        visitor.forgive("ERR_FAILED")


def test_what_is_not_sent_stays_with_its_conversation(browser: Browser, desk: Site, enter: Enters) -> None:
    enter("bob")
    with shopping(browser, desk) as visitor:
        page = visitor.page
        launcher(page).click()
        chat = chat_of(page)
        say(chat, "About a shoe.")
        expect(chat.locator(".mine:not(.waiting)")).to_have_count(1)
        page.route("**/messages/*", lambda route: route.abort())
        say(chat, "It is the left one.")
        expect(chat).to_contain_text("Not sent yet")
        chat.get_by_role("button", name="Back", exact=True).click()
        expect(chat).not_to_contain_text("It is the left one.")
        with page.expect_response("**/messages/*"):
            page.unroute("**/messages/*")
        expect(chat.get_by_label("Your message")).to_be_focused()
        chat.get_by_role("button", name="About a shoe.").or_(
            chat.get_by_role("button", name="It is the left one.")
        ).click()
        expect(chat.locator(".mine:not(.waiting) .bubble")).to_have_text(["About a shoe.", "It is the left one."])
        visitor.forgive("ERR_FAILED")


def test_what_was_asked_before_they_left_hides_nothing_when_they_are_back(
    browser: Browser, desk: Site, enter: Enters
) -> None:
    enter("bob")
    held: list[Route] = []
    with shopping(browser, desk) as visitor:
        page = visitor.page
        launcher(page).click()
        chat = chat_of(page)
        say(chat, "About a shoe.")
        expect(chat.locator(".mine:not(.waiting)")).to_have_count(1)
        page.route(LATER, lambda route: route.continue_() if held else held.append(route))
        with page.expect_request(LATER):
            say(chat, "It is the left one.")
        expect(chat.locator(".mine:not(.waiting)")).to_have_count(2)
        chat.get_by_role("button", name="Back", exact=True).click()
        chat.get_by_role("button", name="It is the left one.").click()
        expect(chat.get_by_role("button", name="Back", exact=True)).to_be_visible()
        held[0].continue_()
        expect(chat.locator(".mine:not(.waiting) .bubble")).to_have_text(["About a shoe.", "It is the left one."])


def test_what_is_too_long_is_not_cut_off(browser: Browser, desk: Site, enter: Enters) -> None:
    enter("bob")
    with shopping(browser, desk) as visitor:
        launcher(visitor.page).click()
        chat = chat_of(visitor.page)
        box = chat.get_by_label("Your message")
        say(chat, "A" * 10_001)
        expect(chat.get_by_role("alert")).to_have_text("A message may have at most 10000 letters.")
        expect(box).to_have_value("A" * 10_001)
        say(chat, "ა" * 10_000)
        expect(chat.locator(".mine:not(.waiting) .bubble")).to_have_text("ა" * 10_000)


def test_a_code_that_is_no_good_may_be_asked_for_again(browser: Browser, desk: Site, enter: Enters) -> None:
    enter("bob")
    with shopping(browser, desk) as visitor:
        launcher(visitor.page).click()
        chat = chat_of(visitor.page)
        chat.get_by_text("Have you written to us before?").click()
        chat.get_by_label("Your e-mail address").fill("dace@customer.example")
        chat.get_by_role("button", name="Mail me a code").click()
        chat.get_by_label("Code from the mail").fill("nonsense")
        chat.get_by_role("button", name="Go on").click()
        expect(chat.get_by_text("This is not the code in the mail.")).to_be_visible()
        visitor.forgive("422")
        chat.get_by_role("button", name="Mail me a code").click()
        expect(chat.get_by_label("Your e-mail address")).to_be_focused()


@pytest.mark.parametrize("refused", ["localStorage", "sessionStorage"])
def test_a_browser_that_keeps_nothing_has_a_chat(browser: Browser, desk: Site, enter: Enters, refused: str) -> None:
    enter("bob")
    with shopping(browser, desk) as visitor:
        page = visitor.page
        page.add_init_script(REFUSED % refused)
        page.reload()
        launcher(page).click()
        say(chat_of(page), "In a private window.")
        expect(chat_of(page).locator(".mine:not(.waiting) .bubble")).to_have_text(["In a private window."])


def test_the_look_of_a_page_does_not_reach_the_chat(browser: Browser, desk: Site, enter: Enters) -> None:
    """Not even what it says of all its elements, or of the size of its letters."""
    enter("bob")
    with shopping(browser, desk) as visitor:
        page = visitor.page
        launcher(page).click()
        greeting = chat_of(page).locator(".greeting")
        look = "({ offsetWidth, offsetHeight }) => [offsetWidth, offsetHeight]"
        colour = "element => getComputedStyle(element).color"
        before = greeting.evaluate(look), greeting.evaluate(colour)
        page.evaluate(LOUD + "document.adoptedStyleSheets = [all]")
        assert (greeting.evaluate(look), greeting.evaluate(colour)) == before


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="Chat with us")


def chat_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Example Ltd")
