"""What an administrator sees of the mail: nothing that came is out of reach, spam neither."""

import re
import smtplib

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browser.conftest import Enters, Site
from tests.channels.email.letters import letter
from tests.site.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def send(desk: Site, subject: str, **headers: str) -> None:
    writer = "lost.customer@customer.example"
    raw = letter("Please help.", sender=writer, subject=subject, message_id=f"{subject}@customer.example", **headers)
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=30) as listener:
        listener.sendmail(writer, ["support@example.com"], raw)


def test_what_was_taken_for_spam_is_found_and_released(desk: Site, enter: Enters) -> None:
    send(desk, "Ruled-spam", X_Spam_Flag="YES")
    visitor = enter("ada")
    page = visitor.page
    page.goto("/mail/ledger/")
    page.get_by_label("Outcome").select_option("spam")
    found = page.get_by_role("link", name="Ruled-spam")

    def is_listed() -> bool:
        with page.expect_navigation():
            page.get_by_role("button", name="Show", exact=True).click()
        return found.count() > 0

    until(is_listed, 60, "the worker to have decided")
    assert violations(page) == []
    found.click()
    expect(page.get_by_text("the mail server's filter calls it spam")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="It is no spam").click()
    expect(page.get_by_text("It is being decided again.")).to_be_visible()
    outcome = page.locator("dl.facts dd").first

    def is_opened() -> bool:
        page.reload()
        return "Opened" in outcome.inner_text()

    until(is_opened, 60, "the worker to have decided again")
    page.goto("/inbox/open/")
    expect(page.get_by_role("link", name=re.compile("Ruled-spam")).first).to_be_visible()
    assert visitor.complaints == []
