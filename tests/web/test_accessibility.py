"""Every component in both modes, in three widths and in every language: axe finds nothing, nothing sticks out."""

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.web.stage import Stage

pytestmark = pytest.mark.browser

# Axe puts its own script into the page, which the policy rightly refuses.
CASES = [
    ("web/styleguide.html", 1440, 900, "light", "en"),
    ("web/styleguide.html", 375, 740, "dark", "ka"),
    ("web/styleguide_desk.html", 1440, 900, "dark", "kk"),
    ("web/styleguide_desk.html", 1280, 720, "light", "en"),
    ("web/styleguide_desk.html", 375, 740, "light", "lv"),
    ("web/styleguide_desk.html", 320, 256, "light", "ka"),  # 1280 by 1024 at 400 %
    ("404.html", 320, 256, "dark", "en"),
    ("403_csrf.html", 1280, 800, "light", "en"),
]


@pytest.mark.parametrize(("template", "width", "height", "mode", "language"), CASES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser_page: Page, stage: Stage, template: str, width: int, height: int, mode: str, language: str
) -> None:
    stage.pages["/"] = template
    page = browser_page
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="light" if mode == "light" else "dark")
    page.goto(f"/?language={language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


@pytest.mark.parametrize("opener", ["Ctrl+K", "?", "menu", "dialog", "figure"])
def test_axe_finds_nothing_in_what_opens(browser_page: Page, stage: Stage, opener: str) -> None:
    stage.pages["/"] = "web/styleguide.html"
    page = browser_page
    page.goto("/")
    match opener:
        case "Ctrl+K":
            page.keyboard.press("Control+k")
        case "?":
            page.keyboard.press("?")
        case "menu":
            page.get_by_role("button", name="Assign").first.click()
        case "dialog":
            page.get_by_role("button", name="Open a dialog").first.click()
        case "figure":
            page.get_by_role("button", name="Customer satisfaction").first.click()
    opened = page.locator("dialog[open], [popover]:popover-open")
    expect(opened).to_have_count(1)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)


def test_the_way_by_keyboard_begins_with_a_link_past_the_rail(browser_page: Page, stage: Stage) -> None:
    stage.pages["/"] = "web/styleguide_desk.html"
    browser_page.goto("/")
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_role("link", name="Skip to the content")).to_be_focused()
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("#main")).to_be_focused()


def test_what_can_be_pressed_is_at_least_24_pixels_wide_and_high(browser_page: Page, stage: Stage) -> None:
    """WCAG 2.2, success criterion 2.5.8; links in a sentence are excepted, what is labelled counts by its label."""
    stage.pages["/"] = "web/styleguide.html"
    browser_page.goto("/")
    small = browser_page.evaluate(
        """() => [...document.querySelectorAll("button, a, summary, select, input:not([type=hidden])")]
        .filter((e) => e.checkVisibility() && !e.closest("p, .item, dialog, [popover]") && !e.labels?.length)
        .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)
        .filter((html) => !html.includes('class="skip"'))"""
    )
    assert small == []
