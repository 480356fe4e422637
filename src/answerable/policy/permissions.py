"""Who may change the policy."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from answerable.people.models import Role, User


def may_change(user: User) -> bool:
    """The promise is the company's: who answers for all of it may change it."""
    return user.holds(Role.ADMINISTRATOR)


def reader(request: HttpRequest) -> User:
    """Who asks: a member of staff, for every page of the policy asks for one."""
    return cast(User, request.user)


def author(request: HttpRequest) -> User:
    """Who asks, if they may change the policy. Raises PermissionDenied."""
    user = reader(request)
    if not may_change(user):
        raise PermissionDenied(_("Only administrators change the policy."))
    return user
