"""Articles, from the writer's desk to who is about to ask."""

import re

import pytest
from playwright.sync_api import Browser, Dialog, expect

from tests.axe import violations
from tests.browser.conftest import Enters, Site, Writes
from tests.browser.rows import open_conversation
from tests.browser.test_chat import shopping
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_article_is_written_published_and_judged(browser: Browser, desk: Site, enter: Enters) -> None:
    desk.run("tests.browser.library", "How long do soles last?", "Shoes")
    alice = enter("alice").page
    alice.goto("/knowledge/new/")
    alice.get_by_label("Title").fill("How do I clean suede?")
    text = alice.get_by_role("textbox", name="Text")
    text.press_sequentially("Never with **water**.\n- Brush it.\nSpray it.")
    expect(text.locator("li")).to_have_text(["Brush it.", "Spray it."])
    assert violations(alice) == []
    alice.get_by_role("button", name="Save the draft").click()
    alice.get_by_role("button", name="Publish").click()
    expect(alice.locator("main")).to_contain_text("Published")

    reader = Visitor.comes(browser, desk.url, viewport={"width": 390, "height": 760})
    reader.page.goto("/help/?language=en")
    reader.page.get_by_label("What do you want to know?").fill("cleaning suede shoes")
    reader.page.keyboard.press("Enter")
    reader.page.get_by_role("link", name="How do I clean suede?").click()
    expect(reader.page.locator(".article b")).to_have_text("water")
    reader.page.get_by_role("button", name="Yes").click()
    expect(reader.page.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    assert violations(reader.page) == []
    reader.leaves()
    alice.reload()
    expect(alice.locator("main")).to_contain_text("It helped 1 of 1 reader")


def test_what_is_typed_outlives_the_page(desk: Site, enter: Enters) -> None:
    number = desk.run("tests.browser.library", "May I leave?", "Doors").split()[-1]
    page = enter("alice").page
    page.goto(f"/knowledge/{number}/en/")
    discard = page.get_by_role("button", name="Discard what I wrote")
    expect(discard).to_be_hidden()
    page.get_by_label("Title").fill("May I go?")
    text = page.get_by_role("textbox", name="Text")
    text.press_sequentially("You **may**. ")
    expect(page.get_by_text("Saved at")).to_be_visible()
    expect(discard).to_be_visible()
    text.press_sequentially("Now")  # and away, before that is kept
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("May I go?")
    expect(text).to_contain_text("You may. Now")
    expect(text.locator("b")).to_have_text("may")
    expect(page.locator("main")).to_contain_text("Nothing of yours is lost")
    assert violations(page) == []
    discard.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("May I leave?")
    page.goto(f"/knowledge/{number}/en/")
    expect(page.get_by_label("Title")).to_have_value("May I leave?")
    expect(text).not_to_contain_text("Now")


def test_who_leaves_before_it_is_kept_is_asked(desk: Site, enter: Enters) -> None:
    number = desk.run("tests.browser.library", "May I stay?", "Doors").split()[-1]
    alice = enter("alice")
    page = alice.page
    page.goto(f"/knowledge/{number}/en/")
    page.route("**/draft/", lambda route: route.abort())
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    text = page.get_by_role("textbox", name="Text")
    text.press_sequentially("You may. ")
    expect(page.get_by_text("Not saved yet. Trying again…")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    expect(text).to_contain_text("You may.")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save").click()
    expect(page.locator("article")).to_contain_text("You may.")
    assert asked == ["beforeunload"]
    alice.forgive("ERR_FAILED")


def test_a_visitor_is_offered_articles_while_typing(browser: Browser, desk: Site, enter: Enters) -> None:
    """On a page of another site that allows next to nothing; by keyboard alone."""
    number = desk.run("tests.browser.library", "Where is my parcel?", "Delivery").split()[-1]
    enter("bob")
    with shopping(browser, desk) as visitor:
        page = visitor.page
        page.get_by_role("button", name="Chat with us").press("Enter")
        chat = page.get_by_role("dialog", name="Example Ltd")
        box = chat.get_by_label("Your message")
        expect(box).to_be_focused()
        box.press_sequentially("Hello, where is the parc")
        link = chat.get_by_role("link", name="Where is my parcel?")
        expect(link).to_have_attribute("href", re.compile(rf"/help/{number}/\?language=en$"))
        expect(box).to_be_focused()
        assert violations(page) == []
        page.keyboard.press("Shift+Tab")  # past the button that attaches files
        page.keyboard.press("Shift+Tab")
        expect(link).to_be_focused()
        box.fill("Good morning")
        expect(link).to_have_count(0)


def test_a_form_offers_articles_while_typing(browser: Browser, desk: Site) -> None:
    desk.run("tests.browser.library", "When is the shop open?", "Shops")
    reader = Visitor.comes(browser, desk.url)
    page = reader.page
    page.goto("/forms/support/?language=en")
    page.get_by_label("What is it about?").fill("Opening hours of the shop")
    link = page.get_by_role("link", name="When is the shop open?")
    expect(link).to_be_visible()
    assert violations(page) == []
    with page.expect_popup() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("When is the shop open?")
    expect(page.get_by_label("What is it about?")).to_have_value("Opening hours of the shop")
    page.get_by_label("What is it about?").fill("zzz")
    expect(link).to_have_count(0)
    reader.leaves()


def test_an_agent_puts_one_into_an_answer(desk: Site, enter: Enters, customer: Writes) -> None:
    number = desk.run("tests.browser.library", "Do gloves shrink?", "Care").split()[-1]
    customer("Nora").write("Gloves that shrink", "Do they?")
    bob = enter("bob").page
    open_conversation(bob, "Gloves that shrink")
    bob.get_by_role("button", name="Article", exact=True).press("Enter")
    field = bob.get_by_label("Find an article")
    expect(field).to_be_focused()
    expect(bob.get_by_role("button", name="Put a link to “Do gloves shrink?” into the answer")).to_be_visible()
    assert violations(bob) == []
    field.press_sequentially("nothing at all")
    expect(bob.locator("answer-articles")).to_contain_text("No article fits these words.")
    field.fill("glov")
    expect(bob.locator("answer-articles li")).to_have_count(1)
    field.press("Enter")
    expect(field).to_be_hidden()
    box = bob.get_by_label("Reply to")
    expect(box).to_be_focused()
    expect(box).to_have_value(re.compile(rf"^Do gloves shrink\?\nhttp://.*/help/{number}/\?language=en$"))
