"""The places of the desk, as the rail at its left shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Place:
    """One entry. `name` is its URL's name; pages under its address or under one of `also` belong to it."""

    name: str
    icon: str
    label: Promise
    also: tuple[str, ...] = ()
    for_administrators: bool = False


PLACES = (
    Place("inbox", "inbox", _("Inbox"), ("/conversations/", "/search/", "/clocks/", "/notices/")),
    Place("customers", "users", _("Customers"), ("/contacts/", "/organisations/")),
    Place("report", "chart-column", _("Report")),
    Place("policy", "scale", pgettext_lazy("service policy", "Policy")),
    Place("team", "user-check", _("Team"), ("/users/", "/teams/")),
    Place("settings", "settings", _("Settings"), ("/mail/", "/canned-responses/")),
)

# The pages of Settings, as the list at their left shows them.
SETTINGS = (
    Place("settings-profile", "user-check", _("Profile")),
    Place("mfa_index", "shield", _("Sign-in and security")),
    Place("settings-company", "building-2", _("Company"), for_administrators=True),
    Place("settings-teams", "users", _("Teams"), ("/settings/memberships/",)),
    Place("settings-staff", "user-plus", _("Staff")),
    Place("settings-inboxes", "inbox", _("Inboxes and mail"), ("/mail/",), for_administrators=True),
    Place("settings-canned", "sticky-note", _("Canned responses")),
)


@dataclass(frozen=True)
class Link:
    place: Place
    url: str
    is_current: bool


def links(request: HttpRequest | None, places: Iterable[Place] = PLACES) -> Iterator[Link]:
    """The places this installation has, in order. A package that is not routed has no entry."""
    path = request.path if request else ""
    is_administrator = getattr(getattr(request, "user", None), "is_administrator", False)
    for place in places:
        url = _address(place.name)
        if url is None or (place.for_administrators and not is_administrator):
            continue
        home = path == url or (url.count("/") > 1 and path.startswith(url))
        yield Link(place, url, home or path.startswith(place.also or ("\0",)))


@cache
def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
