"""The pages a reader meets first, drawn with the demo company's data. `make screenshots` keeps them."""

import base64
import os
import smtplib
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Bookshop, Site
from tests.browser.visitor import Visitor
from tests.channels.email.letters import letter
from tests.site.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEPT = Path(__file__).parents[2] / "docs" / "screenshots"
SHOP = "hello@ambermoon.example"
KEEP = os.environ.get("ANSWERABLE_SCREENSHOTS") == "1"
"""Kept only when asked for: pictures differ by a pixel from machine to machine, and commits should not."""
LARGEST = 160_000  # bytes
# name: who looks, at what, how
PICTURES = {
    "inbox": ("priya", "/inbox/open/", {}),
    "inbox-dark": ("priya", "/inbox/open/", {"color_scheme": "dark"}),
    "conversation": ("priya", "conversation", {"viewport": {"width": 1200, "height": 680}}),
    "phone": ("priya", "conversation", {"viewport": {"width": 390, "height": 844}}),
    "phone-inbox": ("nino", "/inbox/open/", {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}),
    "clock": ("priya", "clock", {"viewport": {"width": 1280, "height": 1000}}),
    "report": ("ada", "/report/", {"viewport": {"width": 1280, "height": 900}}),
    "policy": ("ada", "/policy/", {"viewport": {"width": 1280, "height": 1000}}),
    "policy-draft": ("ada", "/policy/drafts/4/", {"viewport": {"width": 1280, "height": 760}}),
    "policy-escalation": ("ada", "/policy/drafts/4/escalation/usual/", {"viewport": {"width": 1280, "height": 800}}),
    "policy-example": (
        "ada",
        "/policy/versions/4/preview/?channel=email&region=GE&at=2026-11-23T10:00",
        {"viewport": {"width": 1280, "height": 1100}},
    ),
    "policy-comparison": ("ada", "/policy/comparison/", {"viewport": {"width": 1280, "height": 1000}}),
    "promises-latvian": ("ada", "/promises/?language=lv", {"viewport": {"width": 720, "height": 900}}),
    "pilot": ("ada", "/policy/pilots/1/", {"viewport": {"width": 1280, "height": 1000}}),
    "policy-training": ("ada", "/policy/training/", {"viewport": {"width": 1280, "height": 1000}}),
    "policy-lesson": ("oskar", "/policy/training/2/", {"viewport": {"width": 390, "height": 844}}),
    "policy-review": ("ada", "/policy/reviews/solve/", {"viewport": {"width": 1280, "height": 1100}}),
    "structure": ("ada", "/team/", {"viewport": {"width": 1280, "height": 1000}}),
    "structure-phone": ("ada", "/team/", {"viewport": {"width": 390, "height": 844}}),
    "today": ("ada", "/today/", {"viewport": {"width": 1200, "height": 860}}),
    "rota": ("ada", "/rota/", {"viewport": {"width": 1280, "height": 1000}}),
    "staffing": ("sofia", "/staffing/", {"viewport": {"width": 1280, "height": 1280}}),
    "mail-ledger": ("ada", "/mail/ledger/", {}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, browser: Browser, bookshop: Bookshop) -> None:
    who, address, options = PICTURES[name]
    options = {"viewport": {"width": 1200, "height": 750}, "reduced_motion": "reduce"} | options
    visitor = Visitor.comes(browser, bookshop.site.url, **options)
    visitor.sign_in(f"{who}@ambermoon.example", bookshop.password)
    page = visitor.page
    if address in ("conversation", "clock"):
        page.goto("/inbox/breaching/")
        page.goto(page.locator("#rows a.title").first.get_attribute("href") or "")
    if address == "clock":
        page.goto(page.locator("a.clock-link").first.get_attribute("href") or "")
    if name == "mail-ledger":
        fill_the_ledger(bookshop.site)
    if address.startswith("/"):
        page.goto(address)
    if name == "staffing":  # the worker makes the forecast
        expect(page.get_by_role("heading", name="Hour by hour")).to_be_visible(timeout=60_000)
    keep(visitor, name)


def test_welcome(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The first page of all, where nobody has been yet."""
    with Site(tmp_path_factory.mktemp("empty")) as site:
        site.until_ready()
        visitor = Visitor.comes(browser, site.url, viewport={"width": 1000, "height": 900})
        visitor.page.goto("/")
        keep(visitor, "welcome")


def test_rating_in_georgian(browser: Browser, bookshop: Bookshop) -> None:
    address = bookshop.site.run("tests.browser.rating", "ka").strip()
    visitor = Visitor.comes(browser, bookshop.site.url, locale="ka-GE", viewport={"width": 720, "height": 760})
    visitor.page.goto(address)
    keep(visitor, "rating-georgian")


def fill_the_ledger(site: Site) -> None:
    """The demo company has got no mail: some of each kind, decided."""
    question = letter("Where is it?", to=SHOP, subject="Where is my parcel?", message_id="parcel@customer.example")
    answer = {"subject": "Re: Where is my parcel?", "in_reply_to": "<parcel@customer.example>"}
    come = (
        question,
        letter("It has come.", to=SHOP, message_id="here@customer.example", **answer),
        question,
        letter("I am away.", to=SHOP, subject="Out of office", Auto_Submitted="auto-replied"),
        letter("Buy now.", to=SHOP, sender="offers@elsewhere.example", subject="Offer", X_Spam_Flag="YES"),
        b"Subject: nobody\r\n\r\nwho?",
    )
    for mail in come:
        with smtplib.SMTP("127.0.0.1", site.smtp_port, timeout=30) as listener:
            listener.sendmail("dace@customer.example", [SHOP], mail)
    ledger = ("answerable", "mail", "ledger", "--json")
    until(lambda: '"outcome": ""' not in site.run(*ledger), 60, "every mail is decided")


def keep(visitor: Visitor, name: str) -> None:
    """Draw it once nothing is being fetched; what is kept is small enough to be read on the web."""
    page = visitor.page
    expect(page.locator(".htmx-request, .report-waiting")).to_have_count(0, timeout=60_000)
    page.evaluate("document.fonts.ready")
    assert visitor.complaints == []  # drawing adds a style of its own, which the policy may refuse
    drawn = page.screenshot(animations="disabled", caret="hide")
    if KEEP:
        KEPT.mkdir(exist_ok=True)
        size = (KEPT / f"{name}.png").write_bytes(squeezed(coarse(page, drawn)))
        assert size < LARGEST, f"{name}: {size} bytes"
    visitor.context.close()


def coarse(page: Page, png: bytes) -> bytes:
    """The same picture with 65 shades a channel, which nobody sees and which compress to half."""
    desk = page.context.new_page()
    text = desk.evaluate(
        """async (data) => {
          const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
          const context = canvas.getContext("2d");
          context.drawImage(bitmap, 0, 0);
          const image = context.getImageData(0, 0, bitmap.width, bitmap.height);
          image.data.forEach((value, at) => { image.data[at] = Math.round(value / 4) * 4; });
          context.putImageData(image, 0, 0);
          const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
          return btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), ""));
        }""",
        base64.b64encode(png).decode(),
    )
    desk.close()
    return base64.b64decode(text)


def squeezed(png: bytes) -> bytes:
    """The same picture, compressed as well as zlib can (RFC 2083: chunks of length, kind, data and CRC)."""
    chunks, at = [], 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    drawn = zlib.compress(zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT")), 9)
    kept = [(b"IHDR", chunks[0][1]), (b"IDAT", drawn), (b"IEND", b"")]
    parts = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in kept]
    return png[:8] + b"".join(parts)
