"""The policy as it runs: documents compiled once a process."""

from datetime import datetime
from functools import lru_cache

from answerable.core.policy import Policy, compile_policy
from answerable.measure.public_holidays import holidays_of
from answerable.policy.models import Version


@lru_cache(maxsize=64)
def compiled(version_id: int) -> Policy:
    """The version's document as `core` runs it. A version is never edited, so this holds for ever.

    Raises ValueError for a draft, which is edited: see `policy_of`.
    """
    state, document = Version.objects.values_list("state", "document").get(pk=version_id)
    if state == Version.State.DRAFT:
        raise ValueError(f"Version {version_id} is a draft: it does not run.")
    return compile_policy(document, holidays=holidays_of)


@lru_cache(maxsize=32)
def read_document(document: str) -> Policy:
    """A document as it would run, whatever there is outside it. Raises PolicyErrors. What is right is kept."""
    return compile_policy(document, holidays=holidays_of)


def policy_of(version: Version) -> Policy:
    """What a version says, be it a draft. Raises PolicyErrors for one that is not right (yet)."""
    if version.state in (Version.State.DRAFT, Version.State.DISCARDED):
        return read_document(version.document)
    return compiled(version.pk)


def in_force_id() -> int | None:
    """The version new clocks begin under; none before the first is loaded."""
    return Version.objects.filter(state=Version.State.IN_FORCE).values_list("pk", flat=True).first()


def in_force_at(at: datetime) -> int | None:
    """The version new clocks began under at an instant; before there was any, the first that came into force."""
    ran = Version.objects.exclude(in_force_at=None)
    then = ran.filter(in_force_at__lte=at).order_by("-in_force_at", "-number")
    found = then.values_list("pk", flat=True).first()
    return found or ran.order_by("in_force_at", "number").values_list("pk", flat=True).first()
