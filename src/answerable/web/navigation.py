"""The places of the desk, as the rail at its left shows them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

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
    for_leads: bool = False  # and for administrators


@dataclass(frozen=True, init=False)
class Chapter:
    """Places under one heading."""

    heading: Promise
    places: tuple[Place, ...]

    def __init__(self, heading: Promise, *places: Place) -> None:
        object.__setattr__(self, "heading", heading)
        object.__setattr__(self, "places", places)


PLACES = (
    Place("inbox", "inbox", _("Inbox"), ("/conversations/", "/search/", "/clocks/", "/notices/", "/tasks/")),
    Place("customers", "users", _("Customers"), ("/contacts/", "/organisations/")),
    Place("knowledge", "book-open", pgettext_lazy("what the company knows", "Knowledge")),
    Place("report", "chart-column", _("Report")),
    Place("policy", "scale", pgettext_lazy("service policy", "Policy")),
    Place("team", "user-check", _("Team"), ("/today/", "/board/", "/rota/", "/staffing/")),
    Place("settings", "settings", _("Settings"), ("/mail/", "/macros/")),
)

# The pages of Settings, as the list at their left shows them, chapter by chapter.
SETTINGS = (
    Chapter(
        _("You"),
        Place("settings-profile", "user-check", _("Profile")),
        Place("mfa_index", "shield", _("Sign-in and security")),
        Place("settings-signatures", "pencil", _("Signatures")),
    ),
    Chapter(
        _("Company"),
        Place("settings-company", "building-2", pgettext_lazy("its settings", "About it"), for_administrators=True),
        Place("settings-teams", "users", _("Teams"), ("/settings/memberships/",)),
        Place("settings-staff", "user-plus", _("Staff")),
    ),
    Chapter(
        _("Channels"),
        Place("settings-inboxes", "inbox", _("Inboxes and mail"), ("/mail/",), for_administrators=True),
        Place("settings-forms", "globe", _("Web forms"), for_administrators=True),
        Place("settings-chats", "message-circle", _("Chats"), for_administrators=True),
        Place("settings-messengers", "messages-square", _("Messengers"), for_administrators=True),
    ),
    Chapter(
        pgettext_lazy("chapter of the settings", "How we work"),
        Place("settings-macros", "zap", _("Macros")),
        Place(
            "settings-rules", "refresh-cw", pgettext_lazy("what is done by itself", "Rules"), for_administrators=True
        ),
        Place("settings-queues", "list-filter", _("Queues")),
        Place("settings-checklists", "clipboard-check", _("Checklists")),
        Place(
            "settings-fields", "clipboard-list", pgettext_lazy("of a conversation", "Fields"), for_administrators=True
        ),
    ),
    Chapter(
        pgettext_lazy("chapter of the settings", "Other systems"),
        Place("settings-api", "key-round", _("API")),
        Place("settings-webhooks", "plug", _("Webhooks"), for_administrators=True),
        Place("settings-imports", "download", pgettext_lazy("from another system", "Import"), for_administrators=True),
    ),
)

# Areas of several pages, as the tabs above each of them show.
TABS: Mapping[str, tuple[Place, ...]] = MappingProxyType(
    {
        "knowledge": (
            Place("knowledge", "book-open", _("Articles")),
            Place("knowledge_sections", "folder", pgettext_lazy("of the help centre", "Sections")),
        ),
        "policy": (
            Place("policy", "scale", _("Promises")),
            Place("policy_history", "history", _("Versions"), ("/policy/drafts/", "/policy/differences/")),
            Place("policy_comparison", "chart-column", pgettext_lazy("with other companies", "Compare")),
            Place("policy_rehearsals", "history", pgettext_lazy("the policy", "Rehearse")),
            Place("policy_pilots", "users", pgettext_lazy("of the policy", "Pilots")),
            Place("policy_training", "check", pgettext_lazy("of the policy", "Training")),
            Place("policy_reviews", "calendar", pgettext_lazy("of the policy", "Review")),
        ),
        "team": (
            Place("today", "calendar", pgettext_lazy("the day's board", "Today")),
            Place("live", "monitor", pgettext_lazy("the board of what happens now", "Live"), for_leads=True),
            Place("team", "users", pgettext_lazy("of the team", "Structure")),
            Place("rota", "calendar", _("Rota")),
            Place("staffing", "chart-column", _("Staffing"), for_leads=True),
        ),
    }
)


@dataclass(frozen=True)
class Link:
    place: Place
    url: str
    is_current: bool


def links(request: HttpRequest | None, places: Iterable[Place] = PLACES) -> Iterator[Link]:
    """The places this installation has, in order. A package that is not routed has no entry."""
    path = request.path if request else ""
    user = getattr(request, "user", None)
    is_administrator = getattr(user, "is_administrator", False)
    leads = is_administrator or bool(getattr(user, "roles", {}).get("lead"))
    for place in places:
        url = _address(place.name)
        if url is None or (place.for_administrators and not is_administrator) or (place.for_leads and not leads):
            continue
        home = path == url or (url.count("/") > 1 and path.startswith(url))
        yield Link(place, url, home or path.startswith(place.also or ("\0",)))


def tabs(request: HttpRequest | None, area: str) -> list[Link]:
    """The pages of an area. Addresses may stand below one another: the longest that fits is where the reader is."""
    path = request.path if request else ""
    found = list(links(request, TABS[area]))
    begun = ((url, link.url) for link in found for url in (link.url, *link.place.also) if path.startswith(url))
    _longest, here = max(begun, key=lambda pair: len(pair[0]), default=("", None))
    return [replace(link, is_current=link.url == here) for link in found]


@cache
def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
