"""Articles at hand while answering: those that fit the conversation, and those that are searched for."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from answerable.desk.views.door import StaffRequest, may_handle, staff, visible
from answerable.knowledge.find import CLOSE, LONGEST, Found, fitting

SUGGESTED = 5
FOUND = 10
LONGEST_PUT_IN = 10_000
"""Characters of an article that are put into an answer. What is longer is better linked."""


@dataclass(frozen=True)
class Offered:
    """An article that may go into an answer: `link` is what stands there for it, nothing for what is for staff."""

    found: Found
    link: str


@require_safe
@staff
def for_conversation(request: StaffRequest, pk: int) -> HttpResponse:
    """What fits its subject, or the words asked for (`q`), in its customer's language where it is written in it."""
    conversation = visible(request, pk)
    if not may_handle(request.user, conversation):
        raise PermissionDenied
    language = conversation.language or get_language() or ""
    asked = request.GET.get("q")
    about = (conversation.subject or conversation.preview) if asked is None else asked.replace("\x00", "")
    found = fitting(
        about[:LONGEST],
        language=language,
        for_staff=True,
        typing=asked is not None,
        share=CLOSE if asked is None else 0.0,
        limit=SUGGESTED if asked is None else FOUND,
        excerpt=LONGEST_PUT_IN,
    )
    offered = [Offered(one, _link(one)) for one in found]
    template = "desk/articles.html" if asked is None else "desk/article_options.html"
    return render(request, template, {"conversation": conversation, "offered": offered, "asked": asked})


def _link(found: Found) -> str:
    if not found.is_for_customers:
        return ""
    page = reverse("help_article", args=[found.article])
    return f"{found.title}\n{settings.SITE_URL}{page}?{urlencode({'language': found.language})}"
