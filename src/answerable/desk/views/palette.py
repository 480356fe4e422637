"""What the command palette offers besides what stands on the page, and a page of keys."""

from itertools import chain
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from answerable.customers.models import Contact
from answerable.desk.models import Conversation
from answerable.desk.queues import QUEUES
from answerable.desk.rows import of_words
from answerable.desk.saved import saved_of
from answerable.desk.views.door import StaffRequest, staff
from answerable.web.navigation import PLACES, SETTINGS, TABS, links
from answerable.web.numbers import key_in

LONGEST = 100
MOST = 6
SHORTEST = 2
"""Letters below which nobody is looked for."""


@require_safe
@staff
def palette(request: StaffRequest) -> HttpResponse:
    """Places and queues; with `?q=` conversations and customers that fit instead, a few of each."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST]
    found = _found(request, text) if text else _places(request)
    return JsonResponse({"found": found})


@require_safe
@staff
def keys(request: StaffRequest) -> HttpResponse:
    """All keys there are, by where they work."""
    return render(request, "desk/keys.html")


def _places(request: StaffRequest) -> list[dict[str, str]]:
    user = request.user
    queues = [(str(queue.label), queue.key) for queue in QUEUES] + [(one.name, one.key) for one in saved_of(user)]
    found = [_offer(name, reverse("queue", args=[key]), pgettext("kind of thing", "Queue")) for name, key in queues]
    areas = chain(links(request, PLACES), *(links(request, places) for places in TABS.values()))
    found += [_offer(str(link.place.label), link.url, pgettext("kind of thing", "Page")) for link in areas]
    settings = chain.from_iterable(links(request, chapter.places) for chapter in SETTINGS)
    return found + [_offer(str(link.place.label), link.url, _("Settings")) for link in settings]


def _found(request: StaffRequest, text: str) -> list[dict[str, str]]:
    user = request.user
    number = key_in(text.removeprefix("#"))
    rows: list[Any] = []
    if number is not None:
        rows = list(Conversation.objects.visible_to(user).filter(pk=number).only("subject"))
    if len(text) >= SHORTEST:
        rows += of_words(text, user, typing=True)[:MOST]
        people = list(Contact.objects.visible_to(user).current().search(text).order_by("-id")[:MOST])
    else:
        people = []
    no_subject, kind = _("(no subject)"), pgettext("kind of thing", "Conversation")
    found = [_offer(row.subject or no_subject, reverse("conversation", args=[row.pk]), kind) for row in rows]
    kind = pgettext("kind of thing", "Customer")
    return found + [_offer(str(person), reverse("contact", args=[person.pk]), kind) for person in people]


def _offer(words: str, url: str, kind: str) -> dict[str, str]:
    return {"words": words, "url": url, "kind": kind}
