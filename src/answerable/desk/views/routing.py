"""Why a conversation went where it is: to whom it was offered, why to them, and why nobody has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from answerable.core.routing import route
from answerable.desk.entries import Happening
from answerable.desk.models import Conversation, Offer, TeamRouting
from answerable.desk.routing.line import capacities, line, waiting
from answerable.desk.routing.people import agents, offered_to
from answerable.desk.routing.reasons import Reason, frozen, needs, thawed, why_chosen
from answerable.desk.timeline import in_words
from answerable.desk.views.door import StaffRequest, staff, visible
from answerable.events.models import Event, noun
from answerable.people.models import Skill, User

MOST_OFFERS = 20
ABOUT = ("assigned", "moved", "overflowed", "opened")


@dataclass(frozen=True)
class Told:
    """One choice, said: by reason, the names of those of whom it is true."""

    offer: Offer | None
    needs: Sequence[str]
    difference: str
    reasons: Sequence[tuple[Reason, Sequence[str]]]


@require_safe
@staff
def routing(request: StaffRequest, pk: int) -> HttpResponse:
    """Each offer with what was true then, what moved it, and as it stands now where it waits."""
    found = visible(request, pk, Conversation.objects.select_related("team", "assignee", "inbox"))
    offers = list(found.offers.select_related("user", "team").order_by("-id")[:MOST_OFFERS])
    now = _as_it_stands(found)
    whys = [*(offer.why for offer in offers), *([now] if now else [])]
    names, skills = _names(whys), dict(Skill.objects.values_list("key", "name"))
    context = {
        "conversation": found,
        "offers": [_told(offer, offer.why, names, skills) for offer in offers],
        "now": _told(None, now, names, skills) if now else None,
        "is_automatic": TeamRouting.objects.filter(team=found.team, automatic_since__isnull=False).exists(),
        "happened": _happened(found),
    }
    return render(request, "desk/routing.html", context)


def _as_it_stands(conversation: Conversation) -> dict[str, Any] | None:
    """What would be decided at this moment, of one that waits; nothing of another."""
    now, team = timezone.now(), conversation.team
    rows = Conversation.objects.filter(pk=conversation.pk)
    if not waiting(rows).exists():
        return None
    (decision,) = route(line(rows, capacities([team.pk]), now), agents(offered_to([team]), now=now))
    return frozen(decision)


def _told(offer: Offer | None, why: dict[str, Any], names: dict[int, str], skills: dict[str, str]) -> Told:
    reasons = [(one, sorted(names[pk] for pk in one.people if pk in names)) for one in thawed(why)]
    return Told(offer, needs(why, skills), why_chosen(why, str(offer.user)) if offer else "", reasons)


def _names(whys: Iterable[dict[str, Any]]) -> dict[int, str]:
    people = {person for why in whys for listed in why.get("verdicts", {}).values() for person in listed}
    return {pk: str(user) for pk, user in User.objects.in_bulk(people).items()}


def _happened(conversation: Conversation) -> list[Happening]:
    """What moved it, the last first."""
    verbs = [f"conversation.{verb}" for verb in ABOUT]
    events = Event.objects.filter(root=noun(conversation), verb__in=verbs).select_related("actor")
    return in_words(events.order_by("-id")[:MOST_OFFERS])
