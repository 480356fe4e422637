"""What an administrator sees of the mail: nothing that came is out of reach, spam neither."""

import re
import smtplib

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browser.conftest import Enters, Site
from tests.channels.email.letters import letter

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
    for _ in range(50):  # until the worker has decided
        page.get_by_role("button", name="Show", exact=True).click()
        if found.count():
            break
    expect(found).to_be_visible()
    assert violations(page) == []
    found.click()
    expect(page.get_by_text("the mail server's filter calls it spam")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="It is no spam").click()
    expect(page.get_by_text("It is being decided again.")).to_be_visible()
    outcome = page.locator("dl.facts dd").first
    for _ in range(50):
        if "Opened" in outcome.inner_text():
            break
        page.reload()
    expect(outcome).to_have_text(re.compile("Opened"))
    page.goto("/inbox/open/")
    expect(page.get_by_role("link", name=re.compile("Ruled-spam")).first).to_be_visible()
    assert visitor.complaints == []
