"""Two versions side by side."""

import difflib

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from answerable.policy.comparing import told
from answerable.policy.models import Version
from answerable.policy.permissions import reader

CONTEXT_LINES = 3


@login_required
@require_GET
def difference(request: HttpRequest) -> HttpResponse:
    """What the version `after` says otherwise than `before`: in words, and line by line. In force unless named."""
    reader(request)
    versions = Version.objects.exclude(state=Version.State.DISCARDED)
    in_force = versions.filter(state=Version.State.IN_FORCE).first()
    before = _chosen(request.GET.get("before"), in_force)
    after = _chosen(request.GET.get("after"), versions.first() if before == in_force else in_force)
    return render(
        request,
        "policy/difference.html",
        {
            "versions": Version.objects.defer("document"),
            "before": before,
            "after": after,
            "told": told(before, after) if before and after else None,
            "lines": _lines(before.document, after.document) if before and after else [],
        },
    )


def _chosen(asked: str | None, otherwise: Version | None) -> Version | None:
    if not asked:
        return otherwise
    return get_object_or_404(Version, number=int(asked) if asked.isdecimal() and len(asked) < 9 else 0)


def _lines(before: str, after: str) -> list[tuple[str, str]]:
    """Lines of the two documents as (mark, text): "+" came, "-" went, "@" leaves some out, " " is in both."""
    compared = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=CONTEXT_LINES)
    return [(line[:1], "" if line.startswith("@") else line[1:]) for line in list(compared)[2:]]
