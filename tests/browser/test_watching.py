"""What leads watch while others work: it is right without being touched, and whole where nobody can scroll."""

import re
import time

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.conftest import Bookshop, Enters
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WALLS: list[ViewportSize] = [
    {"width": 1366, "height": 768},
    {"width": 1920, "height": 1080},
    {"width": 1280, "height": 1024},
]
CUT_OFF = """() => {
  const boxes = [document.scrollingElement, ...document.querySelectorAll(".scroll-x")];
  return boxes.flatMap((box) => [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight]);
}"""


def test_who_is_there_is_seen_while_much_happens(enter: Enters) -> None:
    """One change after another, each soon after the one before, keeps nobody from seeing any."""
    alice, bob = enter("alice").page, enter("bob").context.request
    alice.goto("/settings/teams/")
    alice.locator("main").get_by_role("link", name="Support", exact=True).click()
    alice.get_by_role("link", name="Routing").click()
    expect(alice.locator("answer-live[data-state=open]")).to_be_attached()
    [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', bob.get("/inbox/").text()))
    seen, until = alice.locator("#wait").get_by_text("On a break"), time.monotonic() + 30
    while not seen.is_visible():
        assert time.monotonic() < until
        for choice in ("away", "break"):
            assert bob.post("/attendance/", form={"to": choice}, headers={"X-CSRFToken": token}).ok


@pytest.mark.parametrize("name", ["ada", "marta", "nino", "aigerim"])
def test_a_board_is_whole_on_a_wall_and_on_a_phone(name: str, browser: Browser, bookshop: Bookshop) -> None:
    """In each language, in which words have another length, and on every wall: nobody scrolls there."""
    visitor = Visitor.comes(browser, bookshop.site.url)
    visitor.sign_in(f"{name}@ambermoon.example", bookshop.password)
    visitor.page.goto("/board/?wall")
    expect(visitor.page.locator("#live-now table")).to_be_visible()
    expect(visitor.page.locator("#live-hours figcaption")).to_be_visible()
    for wall in WALLS:
        visitor.page.set_viewport_size(wall)
        assert visitor.page.evaluate(CUT_OFF) == [0] * 4, wall
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.page.goto("/board/")
    expect(visitor.page.locator("#live-now table")).to_be_visible()
    assert visitor.page.evaluate(CUT_OFF)[2] == 0  # how long they wait stands in the last column
    visitor.leaves()
