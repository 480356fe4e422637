"""Passkeys, codes and recovery in a real browser, with Chromium's virtual authenticator."""

import hashlib
import hmac
import struct
import time
from base64 import b32decode

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser


def totp(secret: str, periods: int = 0) -> str:
    """The six digits an app shows now, or so many periods later (RFC 6238, 30 seconds, SHA-1)."""
    counter = int(time.time()) // 30 + periods
    digest = hmac.new(b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def plug_in(page: Page) -> None:
    """A device that knows its owner, such as a laptop with a fingerprint reader."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, email: str = "bob@example.com") -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def confirm(page: Page) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Go on").click()


def sign_out(page: Page) -> None:
    page.goto("/sign-out/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_is_added_and_signs_in_alone(page: Page, cast: Cast) -> None:
    plug_in(page)
    sign_in(page)
    page.goto("/settings/security/passkeys/new/")
    confirm(page)
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/settings/security/passkeys/")
    expect(page.get_by_role("rowheader", name="Work laptop")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/settings/profile/")
    expect(page.get_by_label("Name")).to_have_value("Bob")
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/settings/security/passkeys/")
    page.get_by_role("link", name="Remove").click()
    confirm(page)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("There is no passkey yet.")).to_be_visible()


def test_a_device_without_a_passkey_says_so(page: Page, cast: Cast) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    devtools.send("WebAuthn.disable")
    page.reload()
    plug_in(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The device gave no passkey")).to_be_visible()


def test_codes_from_an_app_and_a_recovery_code(page: Page, cast: Cast) -> None:
    sign_in(page)
    page.goto("/settings/security/app/")
    confirm(page)
    secret = page.get_by_label("Or type this key into the app").input_value()
    page.get_by_label("The six digits it shows").fill("000000")
    page.get_by_role("button", name="Ask me for codes").click()
    expect(page.get_by_text("This code is not right")).to_be_visible()
    assert page.get_by_label("Or type this key into the app").input_value() == secret
    used = totp(secret)
    page.get_by_label("The six digits it shows").fill(used)
    page.get_by_role("button", name="Ask me for codes").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator(".codes li").first.inner_text()
    for code in (totp(secret, 1), recovery):
        sign_out(page)
        sign_in(page)
        for wrong in ("999999", used):  # what set up the app, or signed in, is good for nothing more
            page.get_by_label("Code").fill(wrong)
            page.get_by_role("button", name="Sign in", exact=True).click()
            expect(page.get_by_text("This code is not right")).to_be_visible()
            expect(page.get_by_label("Code")).to_have_value(wrong)
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        used = code
    page.goto("/settings/security/")
    expect(page.get_by_text("9 codes are left.")).to_be_visible()
    page.get_by_role("link", name="Stop asking for codes").click()
    confirm(page)
    page.get_by_role("button", name="Stop asking for codes").click()
    expect(page.get_by_role("link", name="Set up an app")).to_be_visible()


def test_who_changes_keys_is_asked_once_more(page: Page, cast: Cast) -> None:
    """A session left open is not enough."""
    sign_in(page)
    page.goto("/settings/security/passkeys/new/")
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    confirm(page)
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
