"""What a pilot tests, in words a customer and an agent can read."""

from collections.abc import Iterable
from dataclasses import dataclass

from answerable.core.policy import Policy, Standard
from answerable.policy.models import Pilot, Version
from answerable.policy.running import compiled


@dataclass(frozen=True)
class Change:
    """One promise: as it is today, and in the test. Either may be empty: there is none."""

    today: str
    tested: str


def changes_of(pilot: Pilot, language: str) -> tuple[Change, ...]:
    """The promises that read differently, in the order of the tested document; what falls away last."""
    control_id = pilot.control_id or Version.objects.in_force().pk
    today, tested = compiled(control_id), compiled(pilot.version_id)
    changes = [
        Change(_said(today, key, language), standard.promise_in(language))
        for key, standard in tested.standards.items()
        if not _is_alike(today.standards.get(key), standard)
    ]
    gone = [Change(standard.promise_in(language), "") for standard in _missing(today, tested)]
    return (*changes, *gone)


def _said(policy: Policy, key: str, language: str) -> str:
    standard = policy.standards.get(key)
    return standard.promise_in(language) if standard else ""


def _is_alike(one: Standard | None, other: Standard) -> bool:
    return one is not None and (one.promise, one.within, one.when) == (other.promise, other.within, other.when)


def _missing(today: Policy, tested: Policy) -> Iterable[Standard]:
    return (standard for key, standard in today.standards.items() if key not in tested.standards)
