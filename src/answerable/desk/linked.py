"""What a conversation belongs together with, said from its own side."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from answerable.desk.models import Conversation, Link, Status
from answerable.people.models import User

SAID = {
    (Link.Kind.RELATED, True): _("Related to"),
    (Link.Kind.RELATED, False): _("Related to"),
    (Link.Kind.DUPLICATE, True): _("Duplicate of"),
    (Link.Kind.DUPLICATE, False): _("Has the duplicate"),
    (Link.Kind.INCIDENT, True): _("Incident of the problem"),
    (Link.Kind.INCIDENT, False): _("Problem behind the incident"),
}
MOST = 50


@dataclass(frozen=True)
class Linked:
    """The other end, and what it is to this one."""

    link: Link
    said: str
    other: Conversation


def links_of(conversation: Conversation, user: User) -> list[Linked]:
    """Those whose other end the user sees, in the order they were made; what was merged away is seen where it is now.
    One query."""
    seen = Q(source__team__in=user.team_ids, target__team__in=user.team_ids)
    merged = Q(source__status=Status.MERGED) | Q(target__status=Status.MERGED)
    rows = Link.objects.of(conversation).filter(seen).exclude(merged).select_related("source", "target")
    found = []
    for row in rows.order_by("pk")[:MOST]:
        is_ours = row.source_id == conversation.pk
        other = row.target if is_ours else row.source
        found.append(Linked(row, str(SAID[Link.Kind(row.kind), is_ours]), other))
    return found
