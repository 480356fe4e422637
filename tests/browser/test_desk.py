"""An agent's day at the desk, in a real browser against the whole server."""

import json
import re
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enters, Writes
from tests.browser.rows import open_conversation, row

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>"


def test_a_mail_stands_in_the_list_within_a_second(enter: Enters, customer: Writes) -> None:
    """From the listener's yes to the row in the page, which is never loaded again. The quickest of three counts:
    what is measured is the desk, not what else the machine does."""
    page = enter("bob").page
    page.goto("/inbox/unassigned/")
    expect(page.locator("answer-live[data-state=open]")).to_be_attached()
    page.evaluate(
        """() => { window.sameDocument = true; window.seen = {};
        new MutationObserver(() => { for (const title of document.querySelectorAll("#rows .title"))
          window.seen[title.textContent.trim()] ??= Date.now(); })
        .observe(document.body, { childList: true, subtree: true }); }"""
    )
    waited = []
    for number in ("first", "second", "third"):
        accepted_at = customer().write(f"The {number} question", "Where is my parcel?")
        expect(row(page, f"The {number} question")).to_be_visible()
        seen = page.evaluate("() => window.seen")
        waited += [moment / 1000 - accepted_at for title, moment in seen.items() if f"The {number} question" in title]
    assert page.evaluate("window.sameDocument")
    assert min(waited) < 1.0, waited


WATCH = """() => { window.sameDocument = true; window.seen = {};
const look = () => { for (const line of document.querySelectorAll("#timeline .words"))
  for (const words of WORDS) if (line.textContent.includes(words)) window.seen[words] ??= Date.now(); };
new MutationObserver(look).observe(document.body, { subtree: true, childList: true }); }"""


def test_two_agents_three_browsers_one_conversation(enter: Enters, customer: Writes) -> None:
    """Every screen is right within a second of the click, by itself and without being loaded again. The quickest of
    three answers counts: what is measured is the desk, not what else the machine does."""
    customer().write("Three screens", "Who is there?")
    alice, bob, bobs_other = enter("alice").page, enter("bob").page, enter("bob").page
    screens, answers = (alice, bob, bobs_other), ["The first answer", "The second answer", "The third answer"]
    for page in screens:
        open_conversation(page, "Three screens")
        page.evaluate(WATCH.replace("WORDS", json.dumps(answers)))
    waited = []
    for answer in answers:
        alice.get_by_label("Reply to").fill(answer)
        expect(bob.locator("#writing")).to_have_text("Alice is writing an answer…")
        expect(bobs_other.locator("#writing")).to_have_text("Alice is writing an answer…")
        began = alice.evaluate("Date.now()")
        alice.get_by_role("button", name="Send", exact=True).click()
        for page in screens:
            expect(page.locator("#timeline").get_by_text(answer)).to_be_visible()
            expect(page.locator("#status-button")).to_contain_text("Pending")
        expect(bob.locator("#writing")).to_have_text("")
        waited.append(max(page.evaluate("answer => window.seen[answer]", answer) for page in screens) - began)
    bobs_other.get_by_role("button", name="Solve", exact=True).click()
    for page in screens:
        expect(page.get_by_role("button", name="Reopen")).to_be_visible()
        assert page.evaluate("window.sameDocument")
    assert min(waited) < 1000, waited


def test_two_agents_at_once(enter: Enters, customer: Writes) -> None:
    """Each sees the other; who answers second is stopped, sees what came in, and keeps every word."""
    dace = customer()
    dace.write("Lost parcel", "It never came.")
    alice, bob = enter("alice").page, enter("bob")
    open_conversation(alice, "Lost parcel")
    open_conversation(bob.page, "Lost parcel")
    expect(alice.get_by_text("Bob is here")).to_be_visible()
    bob.page.get_by_label("Reply to").fill("We look for it.")
    expect(alice.get_by_text("Bob is writing an answer…")).to_be_visible()
    expect(row(alice, "Lost parcel").locator(".item-foot")).to_have_attribute("data-presence", "Bob is writing…")
    alice.get_by_label("Reply to").fill("We have found it!")
    alice.get_by_role("button", name="Send", exact=True).click()
    expect(alice.locator("#timeline").get_by_text("We have found it!")).to_be_visible()
    expect(bob.page.locator("#timeline").get_by_text("We have found it!")).to_be_visible()
    bob.page.get_by_role("button", name="Send", exact=True).click()
    alert = bob.page.get_by_role("alert")
    expect(alert).to_contain_text("We have found it!")
    expect(bob.page.get_by_label("Reply to")).to_have_value("We look for it.")
    bob.forgive("409")
    alert.get_by_role("button", name="Send anyway").click()
    expect(bob.page.locator("#timeline").get_by_text("We look for it.")).to_be_visible()
    expect(bob.page.get_by_label("Reply to")).to_have_value("")


def test_a_reply_is_taken_back(enter: Enters, customer: Writes) -> None:
    customer().write("A refund", "Please.")
    page = enter("bob").page
    open_conversation(page, "A refund")
    page.get_by_label("Reply to").fill("No, never.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_label("Reply to")).to_have_value("")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Reply to")).to_have_value("No, never.")
    expect(page.locator("#timeline").get_by_text("Taken back")).to_be_visible()
    expect(page.locator("#status-button")).to_contain_text("Open")


def test_everything_by_keyboard(enter: Enters, customer: Writes) -> None:
    customer("Ieva").write("By keyboard one", "First.")
    customer("Juris").write("By keyboard two", "Second.")
    page = enter("bob").page
    press = page.keyboard.press
    page.goto("/inbox/unassigned/")
    expect(row(page, "By keyboard one")).to_be_visible()
    expect(row(page, "By keyboard two")).to_be_visible()
    press("j")
    first = page.evaluate("document.activeElement.textContent.trim()")
    press("j")
    second = page.evaluate("document.activeElement.textContent.trim()")
    assert first != second
    press("k")
    assert page.evaluate("document.activeElement.textContent.trim()") == first
    press("Enter")
    expect(page.locator("#work h1")).to_have_text(re.sub(r"^Waits for an answer:\s*", "", first))
    press("r")
    expect(page.get_by_label("Reply to")).to_be_focused()
    page.keyboard.type("jkne? are letters here")
    expect(page.get_by_label("Reply to")).to_have_value("jkne? are letters here")
    press("Escape")
    press("n")
    page.keyboard.type("A word among us")
    press("Control+Enter")
    expect(page.locator("#timeline .note").get_by_text("A word among us")).to_be_visible()
    press("Escape")
    press("a")
    expect(page.locator("#assign-menu input")).to_be_focused()
    page.keyboard.type("bob")
    press("Enter")
    expect(page.locator("#assign-button")).to_contain_text("Bob")
    press("e")
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    tags = page.get_by_label("Tags, separated by commas")
    press("t")  # it stands in a menu that is closed
    expect(tags).to_be_focused()
    press("Escape")
    expect(tags).to_be_hidden()
    page.get_by_role("button", name="More").click()
    press("t")
    expect(tags).to_be_focused()
    expect(page.locator("#more-menu")).to_be_hidden()
    press("Escape")
    press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Reply to the customer")
    press("Escape")
    press("/")
    expect(page.get_by_label("Search conversations")).to_be_focused()
    press("Escape")
    press("Control+k")
    page.keyboard.type("snoozed")
    press("Enter")
    expect(page.get_by_role("heading", level=1, name="Snoozed")).to_be_visible()


def test_a_draft_outlives_the_page(enter: Enters, customer: Writes) -> None:
    customer().write("A draft", "Are you there?")
    bob = enter("bob")
    page = bob.page
    open_conversation(page, "A draft")
    page.get_by_label("Reply to").fill("Dear Dace, we")  # at once: what is typed slowly is kept in parts
    expect(page.get_by_text("Saved at")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Reply to")).to_have_value("Dear Dace, we")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Reply to").fill("Dear Dace, we looked")
    expect(other.get_by_text("Saved at")).to_be_visible()
    page.get_by_label("Reply to").fill("Dear Dace, they")
    page.get_by_role("button", name="Put both together").click()
    expect(page.get_by_text("Saved at")).to_be_visible()
    expect(page.get_by_label("Reply to")).to_have_value("Dear Dace, we looked\n\nDear Dace, they")
    expect(page.get_by_role("button", name="Put both together")).to_be_hidden()
    bob.forgive("409")


def test_what_comes_in_leaves_what_is_being_typed_alone(enter: Enters, customer: Writes) -> None:
    dace = customer()
    dace.write("Typing", "Hello?")
    page = enter("bob").page
    open_conversation(page, "Typing")
    page.get_by_label("Reply to").press_sequentially("Half a sen")
    customer("Ilze").write("Something else", "Hello!")
    expect(row(page, "Something else")).to_be_visible()
    page.keyboard.type("tence")
    expect(page.get_by_label("Reply to")).to_have_value("Half a sentence")


def test_many_conversations_at_once(enter: Enters, customer: Writes) -> None:
    subjects = ["Bulk one", "Bulk two", "Bulk three"]
    for subject in subjects:
        customer().write(subject, "The same for all of us.")
    page = enter("alice").page
    page.goto("/inbox/unassigned/")
    for subject in subjects:
        row(page, subject).get_by_role("checkbox").check()
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.get_by_role("button", name="Status", exact=True).click()
    page.locator("#selection-status").get_by_role("button", name="Solved").click()
    for subject in subjects:
        expect(row(page, subject)).to_have_count(0)
    page.goto("/inbox/solved/")
    for subject in subjects:
        expect(row(page, subject)).to_be_visible()


def test_remote_images_wait_until_asked_for(enter: Enters, customer: Writes) -> None:
    image = '<img src="https://images.customer.example/pixel.gif" alt="">'
    html = f"<p>Our <b>spring</b> offer {image}</p><script>top.hurt = 1</script>"
    customer().write("An offer", "Our spring offer", html=html)
    bob = enter("bob")
    asked: list[str] = []

    def picture(route: object) -> None:
        asked.append(route.request.url)  # type: ignore[attr-defined]
        route.fulfill(body=SVG, content_type="image/svg+xml")  # type: ignore[attr-defined]

    bob.context.route("https://images.customer.example/**", picture)
    open_conversation(bob.page, "An offer")
    show = bob.page.get_by_role("button", name="Show as sent")
    load = bob.page.get_by_role("button", name="Load remote images")
    expect(show.or_(load)).to_be_visible()
    if show.is_visible():
        show.click()
    mail = bob.page.frame_locator("iframe")
    expect(mail.get_by_text("spring")).to_be_visible()
    assert asked == []
    with bob.page.expect_request("https://images.customer.example/pixel.gif"):
        load.click()
    expect(mail.get_by_text("spring")).to_be_visible()
    assert bob.page.evaluate("window.hurt") is None


def test_at_phone_width_one_thing_at_a_time(enter: Enters, customer: Writes) -> None:
    customer().write("Left at home", "Somebody else's.")
    customer().write("From the road", "Can you help?")
    page = enter("bob", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).page
    page.goto("/inbox/unassigned/")
    row(page, "From the road").get_by_role("link").tap()
    expect(page.get_by_role("heading", level=1, name="From the road")).to_be_visible()
    expect(page.locator("#rows")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("Reply to").fill("Yes.")
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.locator("#timeline").get_by_text("Yes.")).to_be_visible()
    expect(page.locator("#toasts").get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("link", name="Back to the list").tap(timeout=5_000)  # what may be undone does not lie upon it
    expect(row(page, "Left at home")).to_be_visible()


def test_a_long_conversation_opens_at_its_last_message(enter: Enters, customer: Writes) -> None:
    """On a telephone, too, where the whole page scrolls: between the head and the places below."""
    dace, first = customer(), make_msgid(domain="customer.example")
    dace.write("A long road", "And on.\n" * 80, name=first)
    before = EmailMessage()
    before["From"], before["Message-ID"] = dace.inbox, first
    dace.write("Re: A long road", "There at last.", answers=before)
    telephone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    for screen in ({}, telephone):
        page = enter("bob", anew=True, **screen).page
        page.goto("/inbox/unassigned/")
        row(page, "A long road").get_by_role("link").click()
        expect(page.locator("#timeline").get_by_text("There at last.")).to_be_in_viewport(ratio=1)


def test_another_team_finds_nothing(enter: Enters, customer: Writes) -> None:
    """Charlie works in another team: neither the list nor the address nor the stream tells him anything."""
    charlie, bob = enter("charlie"), enter("bob").page
    charlie.page.goto("/inbox/open/")
    expect(charlie.page.locator("answer-live[data-state=open]")).to_be_attached()
    charlie.page.evaluate(
        """() => { window.hints = [];
        document.addEventListener("answer:hint", ({ detail }) => window.hints.push(detail)); }"""
    )
    customer().write("Not for Charlie", "Secret.")
    open_conversation(bob, "Not for Charlie")
    address = bob.url
    customer("Rita", "sales@example.com").write("For Charlie", "An order.")
    expect(row(charlie.page, "For Charlie")).to_be_visible()
    expect(row(charlie.page, "Not for Charlie")).to_have_count(0)
    assert [hint for hint in charlie.page.evaluate("window.hints") if hint["root"] in address.replace("s/", "-")] == []
    answer = charlie.page.goto(address)
    assert answer is not None
    assert answer.status == 404
    charlie.forgive("404")
    assert "Secret" not in charlie.page.content()


def test_dark_and_georgian(enter: Enters, customer: Writes) -> None:
    """Chosen on the profile page, kept for the next visit."""
    page = enter("quinn").page
    page.goto("/settings/profile/")
    page.get_by_label("Language").select_option("ka")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "ka")
    page.goto("/inbox/")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 21, 19)"


def test_what_is_done_in_the_head_leaves_one_timeline(enter: Enters, customer: Writes) -> None:
    """Also for a moment there is none within another."""
    customer().write("Opening hours", "When?")
    page = enter("ada").page
    open_conversation(page, "Opening hours")
    page.evaluate(
        "new MutationObserver(() => { if (document.querySelectorAll('#timeline').length > 1) window.twice = true; })"
        ".observe(document.body, { childList: true, subtree: true })"
    )
    page.keyboard.press("e")
    expect(page.locator("#head").get_by_role("button", name="Reopen")).to_be_visible()
    assert not page.evaluate("window.twice")
