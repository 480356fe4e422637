"""What customers read: the promises in force, and how often each was kept. Nobody signs in; nothing is a secret."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from answerable.insight.publicly import DAYS, FEWEST, Kept, counts
from answerable.measure.words import number, percent
from answerable.people.models import User
from answerable.policy.models import Publication, Version
from answerable.policy.outline import Promise, outline_of
from answerable.policy.running import compiled
from answerable.web.languages import chosen_language
from answerable.web.words import reader_locale


@dataclass(frozen=True)
class Shown:
    """A promise and, in words, what became of it."""

    promise: Promise
    kept: Kept | None
    share: str = ""
    low: str = ""
    high: str = ""
    n: str = ""

    @classmethod
    def of(cls, promise: Promise, kept: Kept | None) -> Shown:
        """In the language in force."""
        if kept is None:
            return cls(promise, None)
        locale = str(reader_locale())
        low, high = (percent(each, locale) for each in (kept.low, kept.high))
        return cls(promise, kept, _said(kept.share, locale), low, high, number(kept.n, "count", locale))


def _said(share: float, locale: str) -> str:
    """In whole percent; “100 %” only of what was always kept, and “0 %” only of what never was."""
    if share in (0, 1) or 0 < round(share, 2) < 1:
        return percent(share, locale)
    return percent(min(max(share, 0.001), 0.999), locale, 1)


@login_not_required
@require_safe
def promises_public(request: HttpRequest) -> HttpResponse:
    """The page, in the reader's language; before it is published only administrators see how it would look."""
    publication = Publication.objects.current()
    if publication is None and not (isinstance(request.user, User) and request.user.is_administrator):
        raise Http404
    version = Version.objects.filter(state=Version.State.IN_FORCE).first()
    with translation.override(chosen_language(request)):
        language = translation.get_language()
        outline = outline_of(version) if version else None
        counted = counts() if version else None
        goals = [
            (
                goal,
                [
                    Shown.of(each, counted.kept(str(each.standard.clock), each.standard.key) if counted else None)
                    for each in goal.promises
                ],
            )
            for goal in (outline.goals if outline else ())
            if goal.promises
        ]
        context = {
            "version": version,
            "outline": outline,
            "policy_language": compiled(version.pk).language if version else "",
            "goals": goals,
            "counted": counted,
            "days": DAYS,
            "fewest": FEWEST,
            "language": language,
            "languages": settings.LANGUAGES,
            "is_published": publication is not None,
        }
        response = render(request, "insight/promises_public.html", context)
        response.headers["Content-Language"] = str(language)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
