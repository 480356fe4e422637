"""What hands do at the desk: keys, fields, menus, and what may be taken back."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.axe import violations
from tests.browser.conftest import Enters, Writes
from tests.browser.rows import open_conversation, row

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_enter_among_the_tags_adds_them_and_nothing_else(enter: Enters, customer: Writes) -> None:
    """It does not do again what was done to many before."""
    for subject in ("Tagged one", "Tagged two"):
        customer().write(subject, "Hello?")
    page = enter("bob").page
    page.goto("/inbox/unassigned/")
    row(page, "Tagged one").get_by_role("checkbox").check()
    page.get_by_role("button", name="Priority", exact=True).click()
    page.locator("#selection-priority").get_by_role("button", name="Urgent").click()
    expect(page.locator("#selection")).to_be_hidden()
    row(page, "Tagged two").get_by_role("checkbox").check()
    page.get_by_role("button", name="Add tags").click()
    page.get_by_label("Tags to add").fill("refund")
    page.keyboard.press("Enter")
    expect(page.locator("#selection")).to_be_hidden()
    expect(row(page, "Tagged one").locator(".rank")).to_have_count(1)
    expect(row(page, "Tagged two").locator(".rank")).to_have_count(0)
    open_conversation(page, "Tagged two")
    expect(page.locator("#head").get_by_text("refund")).to_be_visible()
    page.goto("/inbox/unassigned/")
    row(page, "Tagged one").get_by_role("checkbox").check()
    page.get_by_role("button", name="Add tags").click()
    page.get_by_label("Tags to add").fill("parcel, RE")
    expect(page.get_by_role("button", name="refund")).to_be_visible()  # it is in use
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tags to add")).to_have_value("parcel, refund, ")
    page.keyboard.press("Enter")
    expect(page.locator("#selection")).to_be_hidden()
    open_conversation(page, "Tagged one")
    expect(page.locator("#head").get_by_text("parcel")).to_be_visible()


def test_who_types_in_a_choices_field_has_chosen_it(enter: Enters, customer: Writes) -> None:
    customer().write("Two matters", "One, and another.")
    page = enter("bob").page
    open_conversation(page, "Two matters")
    page.keyboard.press("Shift+S")
    page.get_by_label("Number of the conversation").fill("1")
    expect(page.get_by_role("radio", name="Into another conversation")).to_be_checked()
    page.get_by_label("Subject").fill("The other one")
    expect(page.get_by_role("radio", name="Into a new conversation")).to_be_checked()


def test_a_key_that_opens_a_form_leads_into_it(enter: Enters, customer: Writes) -> None:
    customer().write("Opened by hand", "Hello?")
    page = enter("bob").page
    open_conversation(page, "Opened by hand")
    page.keyboard.press("d")
    expect(page.get_by_label("What is to be done")).to_be_focused()
    for key, label in (("Shift+L", "This one is"), ("Shift+W", "To")):
        open_conversation(page, "Opened by hand")
        page.keyboard.press(key)
        expect(page.get_by_label(label, exact=True)).to_be_focused()


def test_who_clicks_twice_or_holds_the_key_has_solved_it_once(enter: Enters, customer: Writes) -> None:
    """The button that comes in its place has the keyboard, and says the opposite."""
    customer().write("Heavy hands", "Hello?")
    page = enter("bob").page
    open_conversation(page, "Heavy hands")
    said: list[str] = []
    page.on("request", lambda request: said.append(request.url) if request.url.endswith("/status/") else None)
    button = page.locator("#solving")
    button.click()
    expect(button).to_have_text("Reopen")
    expect(button).to_be_focused()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    page.locator("#main").focus()
    page.keyboard.down("e")
    expect(button).to_have_text("Solve")
    page.keyboard.down("e")
    assert len(said) == 2


def test_undo_has_a_key_and_its_words_have_room(enter: Enters, customer: Writes) -> None:
    customer().write("Too soon", "Hello?")
    page = enter("bob").page
    open_conversation(page, "Too soon")
    page.get_by_label("Reply to").fill("Not yet")
    page.keyboard.press("Control+Enter")
    toast = page.locator("#toasts .toast")
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    assert toast.locator("> div").evaluate("words => words.clientWidth / words.parentElement.clientWidth") > 0.5
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Z")
    expect(page.get_by_label("Reply to")).to_have_value("Not yet")


def test_what_was_refused_shows_what_to_do_and_no_menu(enter: Enters, customer: Writes) -> None:
    customer().write("A task first", "Hello?")
    bob = enter("bob")
    page = bob.page
    open_conversation(page, "A task first")
    page.keyboard.press("d")
    page.get_by_label("What is to be done").fill("Call the courier")
    page.get_by_label("Must be done before").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#tasks").get_by_text("Call the courier")).to_be_visible()
    page.get_by_label("Reply to").fill("Done.")
    page.get_by_role("button", name="Send, and then").click()
    page.get_by_role("button", name="Send and solve").click()
    expect(page.locator("#problem")).to_contain_text("Call the courier")
    expect(page.locator("#send-menu")).to_be_hidden()
    page.locator("#main").press("e")
    expect(page.locator("#toasts .toast.bad")).to_contain_text("Call the courier")
    page.locator("#tasks").get_by_role("checkbox", name="Call the courier").check()
    expect(page.locator("#toasts .toast.bad")).to_have_count(0)
    bob.forgive("422")


def test_the_last_words_stand_there_after_reloading_at_once(enter: Enters, customer: Writes) -> None:
    """However long the server takes with them."""
    customer().write("In a hurry", "Hello?")
    page = enter("bob").page
    open_conversation(page, "In a hurry")
    field = page.get_by_label("Reply to")
    for words in ("Dear", "Dear Dace,", "Dear Dace, we"):
        field.fill(words)
        page.reload()
        expect(field).to_have_value(words)


def hold(page: Page, method: str, held: list[Route]) -> None:
    def keep(route: Route) -> None:
        if route.request.method == method:
            held.append(route)
        else:
            route.continue_()

    page.route("**/attendance/", keep)


def test_a_presence_chosen_while_it_is_drawn_anew_is_shown(enter: Enters) -> None:
    """The answer finds its place, though the button that asked is gone: nothing stands in the console."""
    page = enter("bob").page
    page.goto("/inbox/mine/")
    held: list[Route] = []
    hold(page, "POST", held)
    page.locator("[popovertarget=account-menu]").click()
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/attendance/")):
        page.get_by_role("button", name="Take a break").click()
    with page.expect_response(lambda answer: answer.url.endswith("/attendance/")):
        page.locator("#attendance").dispatch_event("changed", {"bubbles": True})
    held[0].continue_()
    expect(page.locator("#attendance-mark")).to_have_attribute("data-state", "break")
    page.unroute_all()
    # What they are told of the break draws it once more: a button found before that would be pressed when it is gone.
    page.evaluate("document.querySelector('#attendance [value=online]').click()")
    expect(page.locator("#attendance-mark")).to_have_attribute("data-state", "online")


def test_a_menu_shows_what_is_so_and_stands_in_a_landmark(enter: Enters) -> None:
    page = enter("bob").page
    page.goto("/inbox/mine/")
    page.locator("[popovertarget=account-menu]").click()
    weighed = "state => Number(getComputedStyle(document.querySelector(`#attendance [value=${state}]`)).fontWeight)"
    weights = [page.evaluate(weighed, state) for state in ("online", "away")]  # whichever button stands there by then
    assert weights[0] > weights[1]
    assert violations(page) == []
