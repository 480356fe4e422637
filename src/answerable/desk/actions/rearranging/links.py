"""What a conversation is linked with goes where its messages go, and comes back with them."""

from collections.abc import Mapping, Sequence

from answerable.desk.models import Conversation, Link
from answerable.desk.models.link import LinkQuerySet

ENDS = {"source": "target", "target": "source"}
"""Each end of a link, and the other."""
Went = Mapping[str, Sequence[int]]
"""Links by the end that went elsewhere."""


def bring_links(gone: Conversation, kept: Conversation) -> dict[str, list[int]]:
    """What the one is linked with, the other is linked with; but for itself, and what it is linked with already."""
    return {end: _bring(end, Link.objects.all(), gone.pk, kept.pk) for end in ENDS}


def return_links(went: Went, kept: int, gone: int) -> None:
    """Those that went go back, also those taken away meanwhile."""
    for end, numbers in went.items():
        _bring(end, Link.objects.filter(pk__in=numbers), kept, gone)


def _bring(end: str, among: LinkQuerySet, here: int, there: int) -> list[int]:
    other = ENDS[end]
    rows = among.filter(**{end: here}).exclude(**{other: there})
    standing = Link.objects.of(there).values_list("source", "target")
    linked = {number for pair in standing for number in pair} - {there}
    found = rows.exclude(**{f"{other}__in": linked, "removed_at": None}) if linked else rows
    numbers = sorted(found.values_list("pk", flat=True))
    Link.objects.filter(pk__in=numbers).update(**{end: there})
    return numbers
