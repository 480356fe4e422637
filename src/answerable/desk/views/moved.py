"""A conversation that another team has now, for those who had it before."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from answerable.desk.models import Conversation
from answerable.desk.views.door import LARGEST_ID, StaffRequest
from answerable.events.models import Event

P = ParamSpec("P")
View = Callable[Concatenate[StaffRequest, P], HttpResponse]
READING = ("GET", "HEAD")


def where_it_went(request: StaffRequest, pk: int, *, template: str) -> HttpResponse:
    """Says which team has it, and nothing else of it. 404 for who never had it: it is not even said to exist."""
    if not _was_theirs(request, pk):
        raise Http404
    found = get_object_or_404(Conversation.objects.select_related("team").only("team__name"), pk=pk)
    return render(request, template, {"conversation": found}, status=200 if request.htmx else 404)


def until_it_moves(part: str = "", *, methods: tuple[str, ...] = READING) -> Callable[[View[P]], View[P]]:
    """For what a page refetches of a conversation that stands open. Where another team has it now, the `part` with this
    id is emptied, or without one left as it is (204): the timeline says where it went. Else 404, as ever."""

    def decorated(view: View[P]) -> View[P]:
        @wraps(view)
        def shown(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Http404:
                if (
                    not request.htmx
                    or request.method not in methods
                    or not _was_theirs(request, cast(int, kwargs["pk"]))
                ):
                    raise
            return render(request, "desk/moved_part.html", {"part": part}) if part else HttpResponse(status=204)

        return shown

    return decorated


def _was_theirs(request: StaffRequest, pk: int) -> bool:
    """Whether it, or what it stands beside, has left one of the user's teams and is in none of them now."""
    if pk > LARGEST_ID:
        return False
    row = Conversation.objects.filter(pk=pk).exclude(team__in=request.user.team_ids).values_list("beside_id").first()
    if row is None:
        return False
    root = f"conversation-{row[0] or pk}"
    return Event.objects.filter(root=root, verb="conversation.left", team_id__in=request.user.team_ids).exists()
