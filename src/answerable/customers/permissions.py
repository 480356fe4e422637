"""Customers belong to the company: agents, leads and administrators tend to them, analysts read."""

from django.core.exceptions import PermissionDenied

from answerable.people.models import Role, User


def may_tend(user: User) -> bool:
    return user.holds(Role.ADMINISTRATOR, Role.LEAD, Role.AGENT)


def check_may_tend(user: User | None) -> None:
    """Raises PermissionDenied for those who only read. None is the system itself."""
    if user is not None and not may_tend(user):
        raise PermissionDenied


def may_arrange(user: User) -> bool:
    """Organisations and segments steer what the policy promises: leads and administrators arrange them."""
    return user.holds(Role.ADMINISTRATOR, Role.LEAD)


def check_may_arrange(user: User | None) -> None:
    if user is not None and not may_arrange(user):
        raise PermissionDenied
