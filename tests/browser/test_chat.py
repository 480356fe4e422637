"""A visitor of a shop, on a page of another origin under the strictest policy, talks with an agent at the desk."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, expect

from tests.axe import violations
from tests.browser import shop
from tests.browser.conftest import Enters, Site
from tests.browser.rows import open_conversation
from tests.browser.visitor import Visitor
from tests.site.served import below

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@contextmanager
def shopping(browser: Browser, desk: Site) -> Iterator[Visitor]:
    """Somebody on a phone, on a page of the shop."""
    with shop.opened() as place:
        place.desk, place.key = desk.url, desk.run("tests.browser.shop", place.origin).split()[-1]
        visitor = Visitor.comes(browser, place.origin, viewport={"width": 390, "height": 760})
        visitor.page.goto("/")
        yield visitor
        visitor.leaves()


def test_a_visitor_and_an_agent_talk(browser: Browser, desk: Site, enter: Enters) -> None:
    bob = enter("bob").page
    with shopping(browser, desk) as visitor:
        page = visitor.page
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


def test_pictures_are_shown_where_the_page_may_have_none(browser: Browser, desk: Site, enter: Enters) -> None:
    """Small in the thread, whole where they are opened; what is no picture is a file to be saved."""
    enter("bob")
    with shopping(browser, desk) as visitor:
        page = visitor.page
        page.get_by_role("button", name="Chat with us").click()
        chat = page.get_by_role("dialog", name="Example Ltd")
        with page.expect_file_chooser() as chosen:
            chat.get_by_role("button", name="Attach files").click()
        drawing = page.evaluate_handle("new OffscreenCanvas(900, 600)")
        drawing.evaluate("canvas => canvas.getContext('2d').fillRect(0, 0, 900, 600)")
        png = drawing.evaluate(
            "async canvas => [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())]"
        )
        files = (("shoe.png", bytes(png)), ("no picture.png", b"none"))
        chosen.value.set_files([FilePayload(name=name, mimeType="image/png", buffer=body) for name, body in files])
        chat.get_by_role("button", name="Send").click()
        small = chat.get_by_role("button", name="shoe.png").get_by_role("img", name="shoe.png")
        expect(small).to_be_visible()
        expect(chat.locator(".mine.waiting")).to_have_count(0)
        page.reload()
        page.get_by_role("button", name="Chat with us").click()
        expect(small).to_be_visible()
        frames = chat.locator(".picture")
        sizes = "frames => frames.map(frame => [frame.offsetWidth, frame.offsetHeight])"
        assert frames.evaluate_all(sizes) == [[192, 144]] * 2
        frames.first.press("Enter")
        whole = page.get_by_role("dialog", name="shoe.png")
        assert whole.get_by_role("img").evaluate("canvas => [canvas.width, canvas.height]") == [900, 600]
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(whole).to_have_count(0)
        expect(frames.first).to_be_focused()
        with page.expect_download() as saved:
            frames.last.click()
        assert saved.value.suggested_filename == "no picture.png"


def test_nothing_is_missed_doubled_or_out_of_order_while_processes_die(browser: Browser, desk: Site) -> None:
    """Both sides write on while web processes are killed at random and the visitor is out of reach for a while. Their
    page, come back by itself, has every message once, in the order in which they stand at the desk."""
    dice = Random(7)
    with shopping(browser, desk) as visitor:
        page = visitor.page
        page.evaluate("window.sameDocument = true")
        page.get_by_role("button", name="Chat with us").click()
        chat = page.get_by_role("dialog", name="Example Ltd")
        say(chat, "How it began.")
        on_their_way = chat.locator(".mine.waiting")
        expect(on_their_way).to_have_count(0)
        with desk.beside("tests.browser.answering", "How it began.") as bob:
            heard(bob)
            for part in range(1, 9):
                say(chat, f"Mine, {part}.")
                answer(bob, f"Ours, {part}.")
                if part in (3, 6):
                    visitor.context.set_offline(part == 3)
                elif part % 2:
                    web = desk.pids("web")[-1]
                    with suppress(ProcessLookupError):
                        os.kill(dice.choice([web, *sorted(below(web))]), signal.SIGKILL)
            expect(on_their_way).to_have_count(0, timeout=60_000)
            page.route("**/conversations/**", lambda route: route.abort(), times=2)
            answer(bob, "How it ended.")
            stands = json.loads(bob.communicate()[0])
        parts = [f"{whose}, {part}." for part in range(1, 9) for whose in ("Mine", "Ours")]
        assert sorted(stands) == sorted(["How it began.", *parts, "How it ended."])
        expect(chat.locator(".bubble")).to_have_text(stands, timeout=60_000)
        assert page.evaluate("window.sameDocument")
        visitor.complaints.clear()  # Chromium reports each refused connection


def say(chat: Locator, words: str) -> None:
    box = chat.get_by_label("Your message")
    box.fill(words)
    box.press("Enter")


def answer(bob: "subprocess.Popen[str]", words: str) -> None:
    assert bob.stdin
    print(words, file=bob.stdin, flush=True)
    assert heard(bob) == words


def heard(bob: "subprocess.Popen[str]") -> str:
    assert bob.stdout
    return bob.stdout.readline().strip()
