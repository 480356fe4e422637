"""What a page does when the server goes away, or its session ends."""

import os
import signal
from contextlib import suppress
from email.message import EmailMessage
from email.utils import make_msgid
from random import Random

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enters, Site, Writes
from tests.browser.rows import open_conversation, row
from tests.site.served import below
from tests.site.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOURS_LATER = """() => { for (const [place, left] of Object.entries(sessionStorage))
if (place.includes("leaving")) sessionStorage.setItem(place, left.replace(/"at":[0-9]+/, '"at":0')); }"""


def test_a_page_outlives_the_web_process(desk: Site, enter: Enters, customer: Writes) -> None:
    """SIGKILL; a mail comes in meanwhile, and the page, come back by itself, has it without being loaded again."""
    bob = enter("bob")
    bob.page.goto("/inbox/unassigned/")
    expect(bob.page.locator("answer-live[data-state=open]")).to_be_attached()
    bob.page.evaluate("window.sameDocument = true")
    started = desk.pids("web")
    os.kill(started[-1], signal.SIGKILL)
    customer().write("While you were away", "Is anybody there?")
    until(lambda: len(desk.pids("web")) > len(started), 60, "the web process's return")
    expect(row(bob.page, "While you were away")).to_be_visible(timeout=60_000)
    expect(bob.page.get_by_text("Reconnecting…")).not_to_be_visible()
    assert bob.page.evaluate("window.sameDocument")
    bob.complaints.clear()  # Chromium reports each refused connection


def test_nothing_is_missed_doubled_or_out_of_order_while_processes_die(
    desk: Site, enter: Enters, customer: Writes
) -> None:
    """A customer writes on while web processes are killed at random, and while Bob's laptop sleeps. His page, come back
    by itself, has every message once, in order."""
    dice, dace, bob = Random(4), customer(), enter("bob")
    first = make_msgid(domain="customer.example")
    dace.write("A long story", "Part 0.", name=first)
    open_conversation(bob.page, "A long story")
    bob.page.evaluate("window.sameDocument = true")
    before = EmailMessage()
    before["From"], before["Message-ID"] = dace.inbox, first
    for part in range(1, 9):
        dace.write("Re: A long story", f"Part {part}.", answers=before)
        if part in (3, 6):
            bob.context.set_offline(part == 3)
        elif part % 2:
            web = desk.pids("web")[-1]
            with suppress(ProcessLookupError):
                os.kill(dice.choice([web, *sorted(below(web))]), signal.SIGKILL)
    parts = [f"Part {part}." for part in range(9)]
    expect(bob.page.locator("#timeline > .message .words")).to_have_text(parts, timeout=60_000)
    assert bob.page.evaluate("window.sameDocument")
    bob.complaints.clear()  # Chromium reports each refused connection


def test_words_that_could_not_be_sent_are_kept_and_gone_on_with(enter: Enters, customer: Writes) -> None:
    """Bob sends on a train in a tunnel. Out of it, the server has his words before the page is loaded again, and he
    goes on behind the last of them."""
    customer().write("On the train", "Are you there?")
    bob = enter("bob")
    open_conversation(bob.page, "On the train")
    bob.page.keyboard.press("r")
    bob.context.set_offline(True)
    bob.page.keyboard.type("Yes, I am")
    bob.page.keyboard.press("Control+Enter")
    expect(bob.page.get_by_text("The server can't be reached.").first).to_be_visible()
    bob.context.set_offline(False)
    expect(bob.page.get_by_text("Saved at")).to_be_visible()
    bob.page.reload()
    bob.page.keyboard.press("r")
    bob.page.keyboard.type(" here.")
    expect(bob.page.get_by_label("Reply to")).to_have_value("Yes, I am here.")
    bob.complaints.clear()  # Chromium reports each refused connection


def test_whose_session_was_ended_is_told_so(enter: Enters, customer: Writes) -> None:
    """Ada signs her other browsers out: each says so, and what she typed there still stands."""
    customer().write("Two browsers", "Hello?")
    there, here = enter("ada"), enter("ada", anew=True)
    open_conversation(there.page, "Two browsers")
    there.page.get_by_label("Reply to").press_sequentially("Half a reply")
    expect(there.page.get_by_text("Saved at")).to_be_visible()
    here.page.goto("/settings/security/sessions/")
    here.page.get_by_role("button", name="Sign out everywhere else").click()
    expect(there.page.get_by_text("You are signed out here")).to_be_visible()
    expect(there.page.get_by_label("Reply to")).to_have_value("Half a reply")
    there.forgive("401")
    there.page.goto("/inbox/")
    expect(there.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_words_of_whoever_was_signed_out_wait_for_them(enter: Enters, customer: Writes) -> None:
    """However long they are away, and not over what they have written of it elsewhere since."""
    customer().write("Over night", "Hello?")
    bob, at_home = enter("bob", anew=True), enter("bob")
    page, cookies = bob.page, bob.context.cookies()
    open_conversation(page, "Over night")
    there = page.url
    page.get_by_label("Reply to").fill("In the evening")
    expect(page.get_by_text("Saved at")).to_be_visible()
    bob.context.clear_cookies()
    page.get_by_label("Reply to").press_sequentially(", and later")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.goto("/sign-in/")
    page.evaluate(HOURS_LATER)
    at_home.page.goto(there)
    at_home.page.get_by_label("Reply to").fill("At home")
    expect(at_home.page.get_by_text("Saved at")).to_be_visible()
    bob.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(there)
    expect(page.get_by_label("Reply to")).to_have_value("In the evening, and later")
    page.get_by_role("button", name="Put both together").click()
    expect(page.get_by_label("Reply to")).to_have_value("At home\n\nIn the evening, and later")
    expect(page.get_by_text("Saved at")).to_be_visible()
    bob.complaints.clear()  # Chromium reports each refused request
