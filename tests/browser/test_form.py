"""A customer at a web form: what would be refused after it was sent is said before."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.axe import violations
from tests.browser.conftest import Site
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MEGABYTE = 1024 * 1024


def test_files_that_are_too_large_are_not_sent(browser: Browser, desk: Site, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("film.bin", "one.bin", "two.bin", "three.bin")]
    for file, size in zip(files, (21, 10, 10, 10), strict=True):
        with file.open("wb") as empty:
            empty.truncate(size * MEGABYTE)
    desk.run("tests.browser.library", "What may I send?", "Files")
    customer = Visitor.comes(browser, desk.url, viewport={"width": 390, "height": 760})
    page = customer.page
    page.goto("/forms/support/?language=en")
    page.get_by_label("Files").set_input_files(files)
    expect(page.locator(".toast")).to_contain_text(["film.bin (21 MB) is larger", "The files have 30 MB together"])
    expect(page.locator(".chosen .cut")).to_have_text(["one.bin", "two.bin"])
    page.get_by_role("button", name="Remove one.bin").click()
    assert page.get_by_label("Files").evaluate("({ files }) => [...files].map(({ name }) => name)") == ["two.bin"]
    assert violations(page) == []
    customer.leaves()
