"""What a document may say: it is checked against the segments, teams and people there are."""

from collections.abc import Collection, Mapping

from answerable.core.policy import Policy, PolicyErrors, compile_policy
from answerable.core.policy.errors import PolicyError
from answerable.customers.models import Segment
from answerable.measure.public_holidays import holidays_of
from answerable.people.models import HANDLERS, Membership, Team, User


def known_names() -> Mapping[str, Collection[str]]:
    """What a new document may refer to outside itself; `staffed` are the teams where somebody can act."""
    teams = Team.objects.filter(retired_at=None)
    working = Membership.objects.filter(user__is_active=True, role__in=HANDLERS)
    return {
        "segment": list(Segment.objects.values_list("key", flat=True)),
        "team": list(teams.values_list("key", flat=True)),
        "staffed": list(teams.filter(memberships__in=working).distinct().values_list("key", flat=True)),
        "user": list(User.objects.active().values_list("email", flat=True)),
    }


def check_document(document: str) -> Policy:
    """Raises PolicyErrors with everything that is wrong, by line and field."""
    return compile_policy(document, holidays=holidays_of, known=known_names())


def mistakes_of(document: str) -> tuple[PolicyError, ...]:
    """Everything that is wrong with a document, in its order; nothing where it may be put in force."""
    try:
        check_document(document)
    except PolicyErrors as errors:
        return errors.errors
    return ()
