"""The report's page on paper: light, no heading left alone at a page's end, no table cut off."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.measure.command import report

pytestmark = pytest.mark.browser


def test_the_page_is_printed_whole_and_light(browser: Browser, tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-03-{1 + n % 28:02} 08:00,2026-03-{1 + n % 28:02} 09:00\n" for n in range(80))
    (tmp_path / "t.csv").write_text("Ticket ID,Created at,First response at\n" + rows)
    assert report("t.csv", "--out", "t.html", within=tmp_path).code == 0
    page = browser.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    page.goto((tmp_path / "t.html").as_uri())
    page.set_viewport_size({"width": 640, "height": 900})
    looks = (
        "(query, of) => [...new Set([...document.querySelectorAll(query)].map((each) => getComputedStyle(each)[of]))]"
    )
    assert page.evaluate(f"({looks})('h2, h3, h4, caption', 'breakAfter')") == ["avoid"]
    assert page.evaluate(f"({looks})('.scroll', 'overflowX')") == ["visible"]
    assert page.evaluate(f"({looks})('h1', 'color')") == ["rgb(26, 28, 25)"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.close()
