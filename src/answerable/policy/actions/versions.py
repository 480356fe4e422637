"""Which version is in force."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.policy import default_policy
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import Company, User
from answerable.policy.actions.documents import check_document
from answerable.policy.models import Version


def load_version(document: str, *, by: User | None, reason: str = "", at: datetime | None = None) -> Version:
    """Put a document in force, as a new version; the one before retires and keeps the clocks it began.

    The document that is in force already is answered as it is. Raises PolicyErrors.
    """
    policy = check_document(document)
    at = at or timezone.now()
    with transaction.atomic():
        one_at_a_time()
        current = Version.objects.filter(state=Version.State.IN_FORCE).first()
        if current is not None and current.document == document:
            return current
        version = Version(number=next_number(), title=policy.title, document=document, based_on=current, created_at=at)
        return _begin(version, in_place_of=current, by=by, reason=reason, at=at)


def put_in_force(version: Version, *, by: User | None, reason: str, at: datetime | None = None) -> Version:
    """A draft, or what has been piloted, becomes the policy. Raises PolicyErrors, and Refused for one that has been."""
    at = at or timezone.now()
    with transaction.atomic():
        one_at_a_time()
        version = Version.objects.select_for_update().get(pk=version.pk)
        if version.state not in (Version.State.DRAFT, Version.State.PILOT):
            raise Refused(_("Only a draft or a pilot can be put in force. To return to an old version, ask for that."))
        version.title = check_document(version.document).title
        current = Version.objects.filter(state=Version.State.IN_FORCE).first()
        return _begin(version, in_place_of=current, by=by, reason=reason, at=at)


def return_to(version: Version, *, by: User | None, reason: str, at: datetime | None = None) -> Version:
    """What an old version said comes into force again, as a new version. Raises PolicyErrors and Refused."""
    at = at or timezone.now()
    with transaction.atomic():
        one_at_a_time()
        if version.state != Version.State.RETIRED or version.in_force_at is None:  # one rolled back never was
            raise Refused(_("Only a version that was in force once can be returned to."))
        title = check_document(version.document).title
        current = Version.objects.filter(state=Version.State.IN_FORCE).first()
        again = Version(number=next_number(), title=title, document=version.document, based_on=version, created_at=at)
        return _begin(again, in_place_of=current, by=by, reason=reason, at=at)


def load_default(company: Company, *, by: User | None, week: Mapping[str, list[str]] | None = None) -> Version:
    """The policy a company starts with, in its hours (intervals by weekday), holidays and language."""
    document = default_policy(
        time_zone=company.time_zone,
        holidays=company.country or [],
        language=company.language,
        week=week,
    )
    return load_version(document, by=by, reason="The policy every company starts with.")


def one_at_a_time() -> None:
    """Two people who load at once are numbered one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('policy_version'))")


def next_number() -> int:
    """The number of a version about to be written; call `one_at_a_time` first."""
    last = Version.objects.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _begin(version: Version, *, in_place_of: Version | None, by: User | None, reason: str, at: datetime) -> Version:
    if in_place_of is not None:
        in_place_of.state = Version.State.RETIRED
        in_place_of.retired_at = in_place_of.changed_at = at
        in_place_of.save(update_fields=["state", "retired_at", "changed_at"])
    version.state = Version.State.IN_FORCE
    version.by, version.reason = by, reason
    version.in_force_at = version.changed_at = at
    version.save()
    record(
        "policy.put_in_force",
        subject=version,
        by=by,
        at=at,
        number=version.number,
        before=in_place_of.number if in_place_of else None,
        reason=reason,
    )
    return version
