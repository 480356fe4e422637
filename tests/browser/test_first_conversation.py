"""The first conversation, from the first page to the report, as a new company lives through it."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import Site
from tests.browser.post import Correspondent, PostOffice
from tests.browser.rows import row
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RECEIPT: FilePayload = {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 a receipt"}


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that nobody has set up yet."""
    with Site(tmp_path_factory.mktemp("empty")) as site:
        site.until_ready()
        yield site


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


def test_the_first_conversation(browser: Browser, site: Site, office: PostOffice) -> None:
    alice = Visitor.comes(browser, site.url)
    page = alice.page
    answer_the_four_questions(page)
    name_the_relay(page, office)
    nino = Correspondent("Nino Beridze", "nino@customer.example", "support@example.com", site.smtp_port)

    page.goto("/")
    expect(page.get_by_text("Send a mail to support@example.com")).to_be_visible()
    expect(page.locator("answer-live[data-state=open]")).to_be_attached()
    page.evaluate("window.sameDocument = true")
    nino.write("Where is my order?", "Order 4711 has not come.")
    expect(row(page, "Where is my order?")).to_contain_text(re.compile(r"answer within (4\shr|3\shr\s59\smin)"))
    assert page.evaluate("window.sameDocument")

    row(page, "Where is my order?").get_by_role("link").click()
    expect(page.locator("#timeline").get_by_text("Order 4711 has not come.")).to_be_visible()
    conversation = page.url.partition("?")[0]
    the_clock_says_why(page)

    page.goto(conversation)
    expect(page.locator("answer-live[data-state=open]")).to_be_attached()
    page.evaluate("window.sameDocument = true")
    page.locator("#reply-form input[name=attachments]").set_input_files([RECEIPT])
    page.get_by_label("Reply to").fill("Dear Nino, it leaves today. The receipt is attached.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#timeline").get_by_role("link", name="receipt.pdf")).to_be_visible()
    expect(page.locator("#status-button")).to_contain_text("Pending")
    site.time_passes()
    reply = office.letter(lambda letter: "it leaves today" in words(letter), "the reply")
    it_is_properly_threaded(reply)

    nino.write("Re: Where is my order?", "Thank you, it has come!", answers=reply)
    expect(page.locator("#timeline").get_by_text("Thank you, it has come!")).to_be_visible()
    expect(page.locator("#timeline > .message")).to_have_count(3)
    assert page.evaluate("window.sameDocument")

    page.get_by_role("button", name="Solve", exact=True).click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    site.time_passes()
    invitation = office.letter(lambda letter: "One click is enough" in words(letter), "the invitation")
    assert invitation["In-Reply-To"]
    link = re.search(r"https?://\S+/ratings/\S+/5/", words(invitation))
    assert link
    customer = Visitor.comes(browser, site.url)
    customer.page.goto(link[0].replace("localhost", "127.0.0.1"))
    expect(customer.page.get_by_role("heading", name="Thank you")).to_be_visible()
    customer.leaves()

    the_report_shows_it(page)
    alice.leaves()


def answer_the_four_questions(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1, name="Welcome")).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_text(
        ["1. Your company", "2. You", "3. Your language", "4. Mail"]
    )
    page.get_by_label("What is your company called?").fill("Example Ltd")
    page.get_by_label("Country").select_option("")  # no holidays, and open at every hour: a clock that always runs
    page.get_by_label("Time zone").select_option("UTC")
    for day in ("Saturday", "Sunday"):
        page.get_by_label(day).check()
    page.get_by_label("From", exact=True).fill("00:00")
    page.get_by_label("Until", exact=True).fill("23:59")
    page.get_by_label("Your name").fill("Alice Ozola")
    page.get_by_label("Your e-mail address").fill("alice@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_label("English").check()
    page.get_by_label("Which address do your customers write to?").fill("support@example.com")
    page.get_by_role("button", name="Open the desk").click()
    expect(page.get_by_role("heading", level=1, name="Unassigned")).to_be_visible()


def name_the_relay(page: Page, office: PostOffice) -> None:
    """Where answers leave by: a server that has no TLS, on this machine."""
    page.goto("/settings/inboxes/")
    page.get_by_role("link", name="Set up the relay").first.click()
    page.get_by_label("SMTP server").fill("127.0.0.1")
    page.get_by_label("Port").fill(str(office.port))
    page.get_by_label("Encryption").select_option("plain")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text(f"127.0.0.1:{office.port}")


def the_clock_says_why(page: Page) -> None:
    """Promised, counted and due, the standard, the version, and each stretch of time."""
    page.get_by_role("link", name="answer within").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("4 working hours")
    expect(main).to_contain_text("We answer every e-mail within 4 working hours.")
    expect(main.get_by_role("link", name="Version 1 of the policy")).to_be_visible()
    expect(main.get_by_role("row")).not_to_have_count(0)


def it_is_properly_threaded(letter: EmailMessage) -> None:
    """RFC 5322, 3.6.4; and text, HTML and the file inside."""
    assert letter["From"].addresses[0].addr_spec == "support@example.com"
    assert letter["To"].addresses[0].addr_spec == "nino@customer.example"
    assert letter["Subject"] == "Re: Where is my order?"
    question = letter["In-Reply-To"].strip()
    assert question.endswith("@customer.example>")
    assert letter["References"].split()[-1] == question
    assert letter["Message-ID"] != question
    kinds = [part.get_content_type() for part in letter.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "application/pdf"]
    file = next(letter.iter_attachments())
    assert (file.get_filename(), file.get_content()) == ("receipt.pdf", RECEIPT["buffer"])


def words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return body.get_content() if body else ""


def the_report_shows_it(page: Page) -> None:
    """Four figures, each with its interval, each leading to the conversation."""
    page.goto("/report/")
    cards = page.get_by_role("region", name="Figures").get_by_role("article")
    names = (
        "First response time",
        "Resolution time",
        "First responses within the standard",
        "Customer satisfaction (CSAT)",
    )
    addresses = []
    for name in names:
        card = cards.filter(has_text=name)
        expect(card).to_contain_text(" – ")  # the interval
        addresses.append(card.locator("a").first.get_attribute("href"))
    for address in addresses:
        page.goto(str(address))
        expect(page.get_by_role("link", name="Where is my order?")).to_be_visible()
