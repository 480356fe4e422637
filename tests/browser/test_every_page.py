"""Every page there is, read by axe: light on a wide screen, dark on a narrow one. The resolver says which there are."""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.addresses import NOTHING_THERE, routes
from tests.browser.conftest import Bookshop
from tests.browser.post import Correspondent
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAMES = sorted({name for name, _route, _parameters in routes()})
NARROW = {"width": 320, "height": 640}  # 1280 pixels at 400 %
WIDE = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def addresses(bookshop: Bookshop) -> dict[str, str]:
    customer = Correspondent("Dace Ozola", "dace@customer.example", "hello@ambermoon.example", bookshop.site.smtp_port)
    customer.write("A book", "The ledger begins with this mail.")
    addresses: dict[str, str] = json.loads(bookshop.site.run("tests.browser.addresses"))
    return addresses


@pytest.fixture(scope="module")
def readers(browser: Browser, bookshop: Bookshop) -> Iterator[list[Visitor]]:
    """A stranger, and the administrator."""
    stranger, ada = (Visitor.comes(browser, bookshop.site.url, reduced_motion="reduce") for _ in range(2))
    ada.sign_in("ada@ambermoon.example", bookshop.password)
    yield [stranger, ada]
    for reader in (stranger, ada):
        reader.context.close()


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(name: str, addresses: dict[str, str], readers: list[Visitor]) -> None:
    """Nor does anything stick out, nor a script fail, nor does the content security policy refuse anything."""
    for reader in readers:
        answer = reader.context.request.get(addresses[name], max_redirects=0)
        if "sandbox" in answer.headers.get("content-security-policy", ""):
            continue  # somebody's mail, in which nothing runs, axe no more than a script of theirs
        if "text/html" not in answer.headers.get("content-type", "") or "<html" not in answer.text():
            continue  # a redirection, a part of a page, a file, or a place that is only written to
        refused = answer.status >= 400 and reader is not readers[-1]  # strangers may be, administrators may not
        assert refused or answer.status < 400 or name in NOTHING_THERE, f"{answer.status} at {addresses[name]}"
        assert problems(reader, addresses[name]) == []


def problems(reader: Visitor, address: str) -> list[str]:
    page = reader.page
    reader.complaints.clear()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    expect(page.locator(".htmx-request")).to_have_count(0)
    assert answer is not None
    found = [heard for heard in reader.complaints if str(answer.status) not in heard]
    found += violations(page, "light, wide")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")
    found += violations(page, "dark, narrow")
    if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
        found.append(f"{width} pixels wide at {NARROW['width']}")
    return found


def violations(page: Page, how: str) -> list[str]:
    told = Axe().run(page).response["violations"]
    return [f"{how}: {v['id']}: {node['target']} {node['failureSummary']}" for v in told for node in v["nodes"]]
