"""Who comes in, what they may see, and how a refusal is said."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django_htmx.http import reswap, trigger_client_event
from django_htmx.middleware import HtmxDetails

from answerable.desk.actions.unfinished import Unfinished
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation
from answerable.desk.models.conversation import ConversationQuerySet
from answerable.desk.queues import Somebody
from answerable.people.models import Role, User
from answerable.web.standing import Given, Standing

P = ParamSpec("P")
LARGEST_ID = 2**63 - 1


class StaffRequest(HttpRequest):
    """A request whose sender has signed in."""

    user: User
    htmx: HtmxDetails


def staff(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For members of staff. What an action refuses is told in its own words (422), as a page or as a toast."""

    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request = cast(StaffRequest, request)
        try:
            return view(request, *args, **kwargs)
        except Unfinished as refusal:
            return refused(request, str(refusal), place=refusal.place)
        except Refused as refusal:
            return refused(request, str(refusal))

    return door


def refused(request: StaffRequest, text: str, *, place: str = "") -> HttpResponse:
    """422: what was wrong and what to do, where the person looks. `place` of the page is shown to them."""
    if request.htmx:
        response = HttpResponse(status=422)
        if place:
            trigger_client_event(response, "reveal", {"id": place})
        return reswap(trigger_client_event(response, "toast", {"text": text, "tone": "bad"}), "none")
    return render(request, "desk/refused.html", {"text": text}, status=422)


def checked(form: BaseForm) -> dict[str, Any]:
    """What a form holds, or Refused with its first error."""
    if form.is_valid():
        cleaned: dict[str, Any] = form.cleaned_data
        return cleaned
    raise Refused(first_error(form))


def first_error(form: BaseForm) -> str:
    for field, errors in form.errors.items():
        label = "" if field == "__all__" or not form.fields[field].label else f"{form.fields[field].label}: "
        return f"{label}{errors[0]}"
    return ""


def visible(request: StaffRequest, pk: int, rows: ConversationQuerySet | None = None) -> Conversation:
    """The conversation, or 404: what is another team's is not even said to exist."""
    if rows is not None:
        return get_object_or_404(rows.visible_to(request.user), pk=pk)
    found = _visible(request.user.team_ids).first(key=pk) if pk <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


@lru_cache(maxsize=1024)
def _visible(team_ids: frozenset[int]) -> Standing[Conversation]:
    return Standing(lambda: Conversation.objects.visible_to(cast(User, Somebody(team_ids))).filter(pk=Given("key")))


def may_handle(user: User, conversation: Conversation) -> bool:
    """Whether the user may act on it, or only read (QA analysts)."""
    return user.holds(Role.ADMINISTRATOR, Role.LEAD, Role.AGENT, team_id=conversation.team_id)
