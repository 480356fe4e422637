"""What a colleague should look at."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from answerable.desk.actions.notices import read_all
from answerable.desk.models import Notice
from answerable.desk.views.door import StaffRequest, staff
from answerable.desk.views.inbox import panel
from answerable.web.pager import keyset


@require_safe
@staff
def notices(request: StaffRequest) -> HttpResponse:
    """The user's own, newest first. Of conversations that have gone to other teams only what they may see."""
    seen = Q(conversation=None) | Q(conversation__team_id__in=request.user.team_ids)
    mine = Notice.objects.filter(seen, user=request.user)
    rows = mine.select_related("conversation__contact").only(
        "kind", "particulars", "at", "read_at", "conversation__subject", "conversation__contact__name"
    )
    page = keyset(rows, column="at", cursor=request.GET.get("cursor"))
    return render(request, "desk/notices.html", {"page": page, "on_notices": True} | panel(request.user, None))


@require_POST
@staff
def readings(request: StaffRequest) -> HttpResponse:
    """All of them are read."""
    read_all(by=request.user)
    return redirect("notices")
