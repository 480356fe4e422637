"""What a merge would mean, before it is done: which one stays, what is promised, and who would read along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from answerable.desk.actions.rearranging.merging import BEHIND, urgency
from answerable.desk.models import Clock, Conversation, Status
from answerable.desk.rows import Row, for_list, made, of_words
from answerable.people.models import User
from answerable.web.numbers import key_in

SUGGESTED = 8
WHOLE = Conversation.objects.select_related("contact", "assignee", "team")


@dataclass(frozen=True)
class Plan:
    """`kept` stays and the `others` become part of it. `strangers`: customers who are not the kept one's."""

    kept: Conversation
    others: Sequence[Conversation]
    due: Clock | None

    @property
    def every(self) -> list[Conversation]:
        return [self.kept, *self.others]

    @property
    def strangers(self) -> list[str]:
        return list(dict.fromkeys(str(each.contact) for each in self.others if each.contact_id != self.kept.contact_id))

    @property
    def teams(self) -> list[str]:
        """Those that hand one over by it."""
        return list(dict.fromkeys(str(each.team) for each in self.others if each.team_id != self.kept.team_id))


def plan(conversations: Sequence[Conversation], keep: int | None = None) -> Plan:
    """Of at least one. Where nobody has said which stays: one that is not closed, and of those the first."""
    ordered = sorted(conversations, key=_precedence)
    kept = next((each for each in ordered if each.pk == keep), ordered[0])
    running = list(Clock.objects.filter(conversation__in=conversations, stopped_at=None))
    others = [each for each in ordered if each is not kept]
    return Plan(kept, others, min(running, key=urgency, default=None))


def chosen(user: User, numbers: Sequence[int]) -> list[Conversation]:
    """Those the user sees, in the order they were begun."""
    return list(WHOLE.visible_to(user).filter(pk__in=numbers).order_by("created_at", "pk"))


def offered(user: User, of: Sequence[Conversation], text: str) -> list[Row]:
    """What the words find, or the conversation of a number; without words what the same customers wait for."""
    number = key_in(text.lstrip("#"))
    rows = Conversation.objects.visible_to(user).exclude(status__in=(Status.MERGED, Status.BESIDE))
    if number is not None:
        found = made(for_list(rows.filter(pk=number)))
    elif text:
        found = of_words(text, user)
    else:
        same = rows.unsolved().filter(contact__in=[each.contact_id for each in of]).exclude(pk__in=[x.pk for x in of])
        found = made(for_list(same.order_by("-last_message_at", "-id")[:SUGGESTED]))
    known = {each.pk for each in of}
    hidden = (Status.MERGED, Status.BESIDE)
    return [row for row in found if row.pk not in known and row.status not in hidden][: SUGGESTED * 2]


def _precedence(conversation: Conversation) -> tuple[int, datetime, int]:
    """What is open before what is solved, that before what is closed; then the first."""
    behind = BEHIND.index(Status(conversation.status)) if conversation.status in BEHIND else len(BEHIND)
    place = 0 if conversation.is_unsolved else behind
    return place, conversation.created_at, conversation.pk
