"""Writing an answer with its looks."""

import re

import pytest
from playwright.sync_api import Route, expect

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


def test_what_a_macro_did_is_known_to_what_is_written_next(enter: Enters, customer: Writes) -> None:
    """Applied by keys alone; what it did is no news to the answer or the note that follows."""
    customer().write("A slow courier", "Where is it?")
    ada, bob = enter("ada").page, enter("bob").page
    ada.goto("/macros/new/")
    ada.locator("#id_name").fill("It is urgent")
    ada.locator("#id_steps-0-do").select_option(label="Set the priority")
    ada.locator("#id_steps-0-priority").select_option(label="Urgent")
    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada).to_have_url(re.compile("/macros/$"))
    open_conversation(bob, "A slow courier")
    bob.keyboard.press("i")
    expect(bob.locator("#macro-menu input")).to_be_focused()
    bob.keyboard.type("It is urgent")
    bob.keyboard.press("Enter")
    expect(bob.get_by_text("Set the priority: Urgent")).to_be_visible()
    bob.keyboard.press("Enter")
    expect(bob.locator("#timeline")).to_contain_text("Urgent")
    newest = bob.locator("#timeline").get_attribute("data-last-event")
    for panel in ("outbound", "note"):
        expect(bob.locator(f"[data-panel={panel}] input[name=seen_event]")).to_have_value(newest or "")


@pytest.mark.parametrize("formatted", [False, True])
def test_words_typed_while_an_answer_is_sent_are_the_next_one(enter: Enters, customer: Writes, formatted: bool) -> None:
    """They stay, are no news to the answer before them, and leave by the same keys; pressed twice, once."""
    customer().write(f"Quick hands, {formatted}", "Hello?")
    page = enter("bob").page
    held: list[Route] = []
    page.route("**/replies/", lambda route: held.append(route))
    open_conversation(page, f"Quick hands, {formatted}")
    if formatted:
        page.get_by_role("button", name="Formatting").click()
    field = page.get_by_role("textbox", name="Reply to")
    words = "One.", "Two.", "Three."
    field.press_sequentially(words[0])
    field.press("Control+Enter")
    for sent, word in enumerate(words[1:]):
        field.press_sequentially(word)
        field.press("Control+Enter")
        field.press("Control+Enter")
        with page.expect_request("**/replies/"):
            held[sent].continue_()
    field.press("Control+Enter")
    with page.expect_response("**/replies/"):
        held[2].continue_()
    expect(page.locator("#timeline > .message")).to_have_count(1 + len(words))
    (expect(field).to_have_text if formatted else expect(field).to_have_value)("")
    expect(page.locator("#problem")).to_be_empty()
    sent = [re.findall(r'name="text"\s+(.*?)\s+-', route.request.post_data or "") for route in held]
    assert sent == [[word] for word in words]
