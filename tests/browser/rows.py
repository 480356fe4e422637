"""Finding conversations on the page."""

from playwright.sync_api import Locator, Page, expect


def row(page: Page, subject: str) -> Locator:
    """The conversation in the list."""
    return page.locator("#rows > li").filter(has_text=subject)


def open_conversation(page: Page, subject: str) -> None:
    """Through the list of all that is open."""
    page.goto("/inbox/open/")
    row(page, subject).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name=subject)).to_be_visible()
    expect(page.locator("answer-live[data-state=open]")).to_be_attached()
