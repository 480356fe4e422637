"""Somebody at a browser: pages that remember every complaint they made."""

from dataclasses import dataclass, field

from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

_SIGNED_IN: dict[tuple[str, str], list[SetCookieParam]] = {}
"""The cookies of everybody who has signed in, by site and address."""


@dataclass
class Visitor:
    """A person with a browser of their own.

    `complaints` are script errors, requests that failed and what the content security policy refused.
    """

    url: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def comes(cls, browser: Browser, url: str, **options: object) -> "Visitor":
        wanted = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/Riga"} | options
        context = browser.new_context(base_url=url, **wanted)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        visitor = cls(url, context, context.new_page())
        visitor.listen(visitor.page)
        return visitor

    def listen(self, page: Page) -> Page:
        """Note what goes wrong on the page."""
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._hear(page, message))
        return page

    def _hear(self, page: Page, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{page.url}: {message.text}")

    def sign_in(self, email: str, password: str, *, anew: bool = False) -> None:
        """At the form the first time, or `anew`; else whoever has been there before brings the cookies of then."""
        if not anew and (self.url, email) in _SIGNED_IN:
            self.context.add_cookies(_SIGNED_IN[self.url, email])
            return
        self.page.goto("/sign-in/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        _SIGNED_IN[self.url, email] = self.context.cookies()  # type: ignore[assignment]

    def forgive(self, words: str) -> None:
        """Forget complaints with these words: the test provoked them."""
        assert any(words in complaint for complaint in self.complaints), self.complaints
        self.complaints = [complaint for complaint in self.complaints if words not in complaint]

    def leaves(self) -> None:
        self.context.close()
        assert self.complaints == [], self.complaints
