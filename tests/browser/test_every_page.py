"""Every page there is, read by axe: in Georgian and dark on a narrow screen, and then in the light on a wide one.

The resolver says which there are. What strangers are shown is read in English.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.axe import AXE_SCRIPT, LOOKS, violations
from tests.browser.addresses import NOTHING_THERE, routes
from tests.browser.conftest import Bookshop
from tests.browser.post import Correspondent
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAMES = sorted({name for name, _route, _parameters in routes()})
NARROW: ViewportSize = {"width": 320, "height": 640}  # 1280 pixels at 400 %
STICKS_OUT = """[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1
  && !e.closest(".scroll-x")).map((e) => e.outerHTML.slice(0, 120)).slice(-3)"""
WIDE: ViewportSize = {"width": 1440, "height": 900}
SETTLED = """() => new Promise((settle) => {
  const look = () => document.querySelector(".htmx-request") || (watch.disconnect(), settle());
  const watch = new MutationObserver(look);
  watch.observe(document, { subtree: true, childList: true, attributeFilter: ["class"] });
  look();
})"""
TOKEN = re.compile(r"[A-Za-z0-9]{64}")
"""What differs in a page from one answer to the next: Django's mask of the CSRF token."""


@pytest.fixture(scope="module")
def addresses(bookshop: Bookshop) -> dict[str, str]:
    customer = Correspondent("Dace Ozola", "dace@customer.example", "hello@ambermoon.example", bookshop.site.smtp_port)
    customer.write("A book", "The ledger begins with this mail.")
    addresses: dict[str, str] = json.loads(bookshop.site.run("tests.browser.addresses"))
    return addresses


@dataclass(frozen=True)
class Readers:
    """Of one page: a stranger, and an administrator who reads Georgian.

    `refused` is what they were shown in place of a page: it is the same to the letter at many addresses.
    `by_day` and `by_night` are the ways letters are worn that axe has looked at, in the light and in the dark.
    """

    stranger: Visitor
    keto: Visitor
    refused: set[tuple[str, str]] = field(default_factory=set)
    by_day: set[str] = field(default_factory=set)
    by_night: set[str] = field(default_factory=set)

    def know(self, name: str, refusal: str) -> bool:
        """Whether `name` has been refused in these words before, which have been looked at then."""
        page = (name, TOKEN.sub("", refusal))
        known = page in self.refused
        self.refused.add(page)
        return known


@pytest.fixture(scope="module")
def readers(browser: Browser, bookshop: Bookshop, addresses: dict[str, str]) -> Iterator[Readers]:
    url, keto = bookshop.site.url, "keto@ambermoon.example"
    bookshop.site.run("tests.browser.keto", keto, bookshop.password)
    of = Readers(
        Visitor.comes(browser, url, viewport=WIDE, reduced_motion="reduce"),
        Visitor.comes(browser, url, viewport=NARROW, reduced_motion="reduce", color_scheme="dark"),
    )
    of.keto.sign_in(keto, bookshop.password)
    for reader in (of.stranger, of.keto):
        # Read with each page: sending half a megabyte to it later takes longer.
        reader.context.add_init_script(f"if (self === top) {{ {AXE_SCRIPT} }}")
    of.keto.context.request.get(addresses["requests_entrance"])  # she holds a customer's link as well
    yield of
    for reader in (of.stranger, of.keto):
        reader.context.close()


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(name: str, addresses: dict[str, str], readers: Readers) -> None:
    """Nor does anything stick out, nor a script fail, nor does the content security policy refuse anything."""
    address, found = addresses[name], []
    for who, reader in (("stranger", readers.stranger), ("keto", readers.keto)):
        answer = reader.context.request.get(address, max_redirects=0)
        if "sandbox" in answer.headers.get("content-security-policy", ""):
            continue  # somebody's mail, in which nothing runs, axe no more than a script of theirs
        if "text/html" not in answer.headers.get("content-type", "") or "<html" not in answer.text():
            continue  # a redirection, a part of a page, a file, or a place that is only written to
        refused = answer.status >= 400 and reader is readers.stranger  # strangers may be, administrators may not
        assert refused or answer.status < 400 or name in NOTHING_THERE, f"{answer.status} at {address}"
        if answer.status >= 400 and readers.know(who, answer.text()):
            continue
        found += visited(reader, address)
        if reader is readers.stranger:
            found += violations(reader.page, known=readers.by_day)
            continue
        found += violations(reader.page, known=readers.by_night)
        if (width := reader.page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
            found.append(f"{width} pixels wide at {NARROW['width']}: {reader.page.evaluate(STICKS_OUT)}")
        with in_the_light(reader.page):
            found += violations(reader.page, LOOKS, readers.by_day)
    assert found == []


@contextmanager
def in_the_light(page: Page) -> Iterator[None]:
    """The same page on a wide screen, by day."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.evaluate(SETTLED)
    yield
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")


def visited(reader: Visitor, address: str) -> list[str]:
    """Go there and wait until all of it is; what the page complained of."""
    reader.complaints.clear()
    answer = reader.page.goto(address)
    reader.page.evaluate(SETTLED)
    assert answer is not None
    return [heard for heard in reader.complaints if str(answer.status) not in heard]
