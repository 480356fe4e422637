"""Each page of signing in, settings and customers: axe finds nothing, nothing sticks out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.cast import Cast

pytestmark = pytest.mark.browser

OUTSIDE = ("/sign-in/", "/password/forgotten/", "/password/forgotten/sent/", "/password/new/x-y/", "/invitations/x/")
INSIDE = (
    "/settings/profile/",
    "/settings/security/",
    "/settings/security/password/",
    "/settings/security/passkeys/",
    "/settings/security/sessions/",
    "/settings/company/",
    "/settings/teams/",
    "/settings/teams/{support}/",
    "/settings/staff/",
    "/settings/staff/{bob}/",
    "/settings/staff/{invited}/",
    "/customers/",
    "/customers/?q=nobody",
    "/contacts/new/",
    "/contacts/{dace}/",
    "/contacts/{dace}/merges/",
    "/contacts/{dace}/merges/?absorbed={nino}",
    "/organisations/",
    "/organisations/new/",
    "/organisations/{harbour}/",
    "/customers/segments/",
    "/customers/segments/{gold}/",
    "/sign-out/",
)


@pytest.mark.parametrize(("width", "mode", "language"), [(1280, "light", "en"), (375, "dark", "ka")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, site: str, cast: Cast, width: int, mode: str, language: str
) -> None:
    from answerable.people.actions.staff import change_profile, invite

    invited = invite(
        email="zane@example.com", team=cast.latvia, role="agent", language="lv", time_zone="UTC", by=cast.ada
    )
    change_profile(cast.ada, by=cast.ada, language=language, theme=mode)
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": 800}, bypass_csp=True, color_scheme=mode, locale=language
    )
    page = context.new_page()
    numbers = {name: getattr(cast, name).pk for name in ("support", "bob", "dace", "nino", "harbour", "gold")}
    troubles = []
    for path in (*OUTSIDE, *INSIDE):
        if path == INSIDE[0]:
            client = Client()
            client.force_login(cast.ada)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
        path = path.format(**numbers, invited=invited.pk)
        page.goto(path)
        found = Axe().run(page).response["violations"]
        troubles += [(path, one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
        overflow = page.evaluate("document.documentElement.scrollWidth") - width
        if overflow > 0:
            troubles.append((path, "sticks out", [f"{overflow} px"]))
    context.close()
    assert troubles == []
