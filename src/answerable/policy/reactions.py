"""What the policy does about events: who works by it learns of it, and its objectives are looked at again."""

from answerable.events.models import Event
from answerable.people.models import User
from answerable.policy.actions import lessons, reviews
from answerable.policy.models import Version


def teach(event: Event) -> None:
    """Reaction to policy.put_in_force: everybody concerned is asked to read what changed."""
    lessons.assign(_version(event), at=event.at)


def plan_reviews(event: Event) -> None:
    """Reaction to policy.put_in_force: each objective has its next review."""
    reviews.plan_all(_version(event))


def teach_person(event: Event) -> None:
    """Reaction to user.joined, user.reactivated, membership.granted and .moved: they are asked to read it, too."""
    person = User.objects.active().filter(pk=int(event.root.removeprefix("user-"))).first()
    version = Version.objects.filter(state=Version.State.IN_FORCE).first()
    if person is not None and version is not None:
        lessons.assign(version, people=[person])


def _version(event: Event) -> Version:
    return Version.objects.get(pk=int(event.subject.removeprefix("version-")))
