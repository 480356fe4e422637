"""The pages a reader meets first, drawn with the demo company's data. `make screenshots` keeps them."""

import base64
import json
import os
import smtplib
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import shop, storefront
from tests.browser.conftest import Bookshop, Enters, Site
from tests.browser.rows import open_conversation
from tests.browser.visitor import Visitor
from tests.channels.email.letters import letter
from tests.site.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEPT = Path(__file__).parents[2] / "docs" / "screenshots"
SHOP = "hello@ambermoon.example"
KEEP = os.environ.get("ANSWERABLE_SCREENSHOTS") == "1"
"""Kept only when asked for: pictures differ by a pixel from machine to machine, and commits should not."""
LARGEST = 120_000  # bytes
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
    "knowledge": ("ada", "/knowledge/", {"viewport": {"width": 1200, "height": 640}}),
    "help-centre": ("ada", "/help/?language=en", {"viewport": {"width": 720, "height": 760}}),
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
    "palette": ("priya", "palette", {"viewport": {"width": 1440, "height": 760}}),
    "api": ("ada", "/api/", {"viewport": {"width": 1200, "height": 900}}),
}
FIRST_DUE = """clocks => clocks.sort((one, other) => Date.parse(one.dataset.due) - Date.parse(other.dataset.due))[0]
  .closest("li").querySelector("a.title").href"""
"""Of all that is open: in the night before a free day nothing falls due soon."""
# What tests.browser.sights finds and livens: the same, where the address is its own.
SIGHTS = {
    "chat": ("priya", {"viewport": {"width": 1440, "height": 760}}),
    "aside": ("priya", {"viewport": {"width": 1440, "height": 860}}),
    "merge": ("priya", {"viewport": {"width": 1200, "height": 720}}),
    "saved-queue": ("ada", {"viewport": {"width": 1200, "height": 640}}),
    "rule": ("ada", {"viewport": {"width": 1440, "height": 900}}),
    "routing": ("ada", {"viewport": {"width": 1200, "height": 600}}),
    "live-board": ("ada", {"viewport": {"width": 1920, "height": 1080}}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, browser: Browser, bookshop: Bookshop) -> None:
    who, address, options = PICTURES[name]
    options = {"viewport": {"width": 1200, "height": 750}, "reduced_motion": "reduce"} | options
    visitor = Visitor.comes(browser, bookshop.site.url, **options)
    visitor.sign_in(f"{who}@ambermoon.example", bookshop.password)
    page = visitor.page
    if address in ("conversation", "clock", "palette"):
        page.goto("/inbox/open/")
        page.goto(page.locator("#rows [data-due]").evaluate_all(FIRST_DUE))
    if address == "clock":
        page.goto(page.locator("a.clock-link").first.get_attribute("href") or "")
    if name == "mail-ledger":
        fill_the_ledger(bookshop.site)
    if address.startswith("/"):
        page.goto(address)
    if address == "palette":
        page.keyboard.press("Control+k")
        expect(page.get_by_role("option")).not_to_have_count(0)
    if name == "api":
        page.locator("#conversations summary").first.click()
        page.locator("#conversations").scroll_into_view_if_needed()
    if name == "staffing":  # the worker makes the forecast
        expect(page.get_by_role("heading", name="Hour by hour")).to_be_visible(timeout=60_000)
    keep(visitor, name)


TALKS: dict[str, tuple[dict[str, int], str, str]] = {
    "en": (
        {"width": 1200, "height": 750},
        "Do you have The Salt Road as a paperback?",
        "The paperback comes out on the 12th. Shall I put one aside for you?\n[Yes, please] [No, thank you]",
    ),
    "ka": (
        {"width": 390, "height": 844},
        "გამარჯობა! როდის მოვა ჩემი წიგნი, „მარილის გზა“?",
        "გამარჯობა! ამანათი უკვე გზაშია და ხვალ მოვა. მოგწეროთ, როცა კურიერი გამოვა?\n[დიახ] [არა, გმადლობთ]",
    ),
}


@pytest.fixture(scope="module")
def sights(bookshop: Bookshop) -> dict[str, str]:
    found: dict[str, str] = json.loads(bookshop.site.run("tests.browser.sights"))
    return found | {"live-board": "/board/?wall"}


@pytest.mark.parametrize("name", SIGHTS)
def test_sight(name: str, browser: Browser, bookshop: Bookshop, sights: dict[str, str]) -> None:
    who, options = SIGHTS[name]
    visitor = Visitor.comes(browser, bookshop.site.url, reduced_motion="reduce", **options)
    visitor.sign_in(f"{who}@ambermoon.example", bookshop.password)
    page = visitor.page
    page.goto(sights[name])
    if name == "rule":
        page.keyboard.press("d")
        expect(page.get_by_text("It would have fired")).to_be_visible(timeout=60_000)
    if name == "saved-queue":
        for tick in page.locator("#rows").get_by_role("checkbox").all()[:3]:
            tick.check()
    if name == "aside":
        expect(page.locator(".aside .message")).not_to_have_count(0)
        page.locator(".aside").evaluate("aside => { aside.closest('.pane').scrollTop = aside.offsetTop - 160 }")
    keep(visitor, name)


def test_chat_on_a_site(browser: Browser, desk: Site, enter: Enters) -> None:
    """By day and by night on a wide screen, and on a phone in Georgian."""
    with shop.opened() as place:
        key = desk.run("tests.browser.shop", place.origin, "Amber Moon Books", "#7a3b1d").split()[-1]
        bob = enter("bob").page
        for language, (size, question, answer) in TALKS.items():
            place.page = storefront.drawn(language, desk=desk.url, key=key)
            visitor = Visitor.comes(browser, place.origin, viewport=size, reduced_motion="reduce")
            visitor.page.goto("/")
            visitor.page.locator("button[aria-expanded]").click()
            chat = visitor.page.get_by_role("dialog")
            box = chat.get_by_role("textbox").last
            box.fill(question)
            box.press("Enter")
            expect(chat.get_by_role("log")).to_contain_text(question)
            open_conversation(bob, question)
            bob.get_by_label("Reply to").fill(answer)
            bob.get_by_label("Reply to").press("Enter")
            expect(chat.get_by_role("log").get_by_role("button")).to_have_count(2)
            if language == "en":
                draw(visitor, "chat-on-a-site")
                visitor.page.emulate_media(color_scheme="dark")
                keep(visitor, "chat-on-a-site-dark")
            else:
                keep(visitor, "chat-phone-georgian")


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
    """Draw it, and nothing else is looked at there."""
    draw(visitor, name)
    visitor.context.close()


def draw(visitor: Visitor, name: str) -> None:
    """Draw it once nothing is being fetched; what is kept is small enough to be read on the web."""
    page = visitor.page
    expect(page.locator(".htmx-request, .report-waiting")).to_have_count(0, timeout=60_000)
    page.evaluate("document.fonts.ready")
    assert visitor.complaints == []  # drawing adds a style of its own, which the policy may refuse
    drawn = page.screenshot(animations="disabled", caret="hide")
    visitor.complaints.clear()
    if KEEP:
        KEPT.mkdir(exist_ok=True)
        size = (KEPT / f"{name}.png").write_bytes(indexed(page, drawn))
        assert size < LARGEST, f"{name}: {size} bytes"


def indexed(page: Page, png: bytes) -> bytes:
    """The same picture in its 256 commonest colours, every other one as the nearest of them; a third of the size.

    RFC 2083: chunks of length, kind, data and CRC; a palette, then a row of its indices each, after a zero: no filter.
    """
    desk = page.context.new_page()
    width, height, palette, pixels = desk.evaluate(PAINTED, base64.b64encode(png).decode())
    desk.close()
    places = base64.b64decode(pixels)
    rows = b"".join(b"\0" + places[at : at + width] for at in range(0, width * height, width))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(palette)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return png[:8] + b"".join(chunks)


PAINTED = """async (data) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const { data: bytes } = context.getImageData(0, 0, width, height);
  const counts = new Map();
  const colours = new Uint32Array(width * height);
  for (let at = 0; at < colours.length; at += 1) {
    const colour = (bytes[4 * at] << 16) | (bytes[4 * at + 1] << 8) | bytes[4 * at + 2];
    colours[at] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const common = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => parts(colour));
  const nearest = new Map();
  for (const colour of counts.keys()) {
    const [r, g, b] = parts(colour);
    let best = 0, least = Infinity;
    common.forEach(([x, y, z], place) => {
      const far = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
      if (far < least) [least, best] = [far, place];
    });
    nearest.set(colour, best);
  }
  const places = Uint8Array.from(colours, (colour) => nearest.get(colour));
  return [width, height, common.flat(), btoa(places.reduce((all, byte) => all + String.fromCharCode(byte), ""))];
}"""
