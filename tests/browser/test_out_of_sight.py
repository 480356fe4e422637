"""What leaves the desk: spam, and what another team has now."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enters, Writes
from tests.browser.rows import open_conversation, row

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_spam_is_put_away_with_one_key_and_brought_back(enter: Enters, customer: Writes) -> None:
    customer().write("Cheap watches", "Buy now!")
    page = enter("bob").page
    open_conversation(page, "Cheap watches")
    expect(page.locator("#caution")).to_contain_text("Mail does not leave this server yet")
    page.keyboard.press("!")
    expect(page.locator("#head").get_by_text("Spam", exact=True)).to_be_visible()
    expect(page.get_by_label("Reply to")).to_be_hidden()
    expect(page.get_by_text("This conversation is closed.")).to_be_visible()
    expect(page.locator("#caution")).to_be_hidden()
    expect(row(page, "Cheap watches")).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#head").get_by_role("button", name="Solve")).to_be_visible()
    expect(page.get_by_label("Reply to")).to_be_visible()
    expect(row(page, "Cheap watches")).to_be_visible()


def test_undoing_spam_leaves_alone_what_is_open_meanwhile(enter: Enters, customer: Writes) -> None:
    writer = customer()
    writer.write("Cheap shoes", "Buy now!")
    writer.write("An honest question", "How are you?")
    page = enter("bob").page
    page.goto("/inbox/open/")
    expect(row(page, "An honest question")).to_be_visible()
    row(page, "Cheap shoes").get_by_role("checkbox").check()
    page.locator("#selection").get_by_role("button", name="Spam", exact=True).click()
    expect(row(page, "Cheap shoes")).to_have_count(0)
    row(page, "An honest question").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name="An honest question")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(row(page, "Cheap shoes")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="An honest question")).to_be_visible()
    expect(page.locator("#timeline").get_by_text("How are you?")).to_be_visible()


def test_what_another_team_has_now_says_so_and_keeps_what_was_typed(enter: Enters, customer: Writes) -> None:
    customer().write("A price for libraries", "How much?")
    ada, bob = enter("ada").page, enter("bob").page
    open_conversation(bob, "A price for libraries")
    bob.get_by_label("Reply to").fill("Half a reply")
    expect(bob.get_by_text("Saved")).to_be_visible()
    open_conversation(ada, "A price for libraries")
    ada.keyboard.press("m")
    ada.get_by_label("Find a team").fill("Sales")
    ada.get_by_role("button", name="Sales").click()
    expect(bob.get_by_text("This conversation has moved to the team Sales.")).to_be_visible()
    expect(bob.get_by_role("button", name="Send", exact=True)).to_be_hidden()
    expect(bob.get_by_text("What you were writing has not been sent.")).to_be_visible()
    expect(bob.get_by_label("Reply to")).to_have_value("Half a reply")
    expect(bob.get_by_label("Reply to")).to_be_visible()
    expect(bob.locator("#timeline").get_by_text("How much?")).to_have_count(0)
    bob.get_by_role("link", name="Go to the inbox").click()
    expect(bob.get_by_role("heading", level=1, name="Mine")).to_be_visible()


def test_many_go_to_another_team(enter: Enters, customer: Writes) -> None:
    writer = customer()
    for number in ("One", "Two"):
        writer.write(f"{number} more price", "How much?")
    page = enter("ada").page
    page.goto("/inbox/open/")
    for number in ("One", "Two"):
        row(page, f"{number} more price").get_by_role("checkbox").check()
    page.locator("#selection").get_by_role("button", name="Move").click()
    page.get_by_label("Find a team").fill("Sales")
    page.locator("#selection-team").get_by_role("button", name="Sales").click()
    expect(page.locator("#toasts").get_by_text("2 conversations changed.")).to_be_visible()
    row(page, "One more price").get_by_role("link").click()
    expect(page.locator("#aside").get_by_text("Sales", exact=True)).to_be_visible()
