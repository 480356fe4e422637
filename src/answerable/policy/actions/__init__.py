"""What can be done to the policy."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from answerable.core.policy import Policy, compile_policy, default_policy
from answerable.customers.models import Segment
from answerable.events.record import record
from answerable.people.models import Company, Team, User
from answerable.policy.models import Version
from answerable.policy.running import holidays_of


def known_names() -> Mapping[str, Collection[str]]:
    """What a new document may refer to outside itself."""
    return {
        "segment": list(Segment.objects.values_list("key", flat=True)),
        "team": list(Team.objects.filter(retired_at=None).values_list("key", flat=True)),
    }


def check_document(document: str) -> Policy:
    """Raises PolicyErrors with everything that is wrong, by line and field."""
    return compile_policy(document, holidays=holidays_of, known=known_names())


def load_version(document: str, *, by: User | None, reason: str = "", at: datetime | None = None) -> Version:
    """Put a document in force, as a new version; the one before retires and keeps the clocks it began.

    The document that is in force already is answered as it is. Raises PolicyErrors.
    """
    policy = check_document(document)
    at = at or timezone.now()
    with transaction.atomic():
        _one_at_a_time()
        current = Version.objects.filter(state=Version.State.IN_FORCE).first()
        if current is not None and current.document == document:
            return current
        last = Version.objects.order_by("-number").first()
        if current is not None:
            current.state = Version.State.RETIRED
            current.retired_at = at
            current.save(update_fields=["state", "retired_at"])
        version = Version.objects.create(
            number=last.number + 1 if last else 1,
            state=Version.State.IN_FORCE,
            title=policy.title,
            document=document,
            reason=reason,
            by=by,
            created_at=at,
            in_force_at=at,
        )
        record(
            "policy.put_in_force",
            subject=version,
            by=by,
            at=at,
            number=version.number,
            before=current.number if current else None,
            reason=reason,
        )
    return version


def load_default(company: Company, *, by: User | None, week: Mapping[str, list[str]] | None = None) -> Version:
    """The policy a company starts with, in its hours (intervals by weekday), holidays and language."""
    document = default_policy(
        time_zone=company.time_zone,
        holidays=company.country or [],
        language=company.language,
        week=week,
    )
    return load_version(document, by=by, reason="The policy every company starts with.")


def _one_at_a_time() -> None:
    """Two people who load at once are numbered one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('policy_version'))")
