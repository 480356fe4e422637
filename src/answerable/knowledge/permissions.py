"""Who may write down what the company knows, and who may show it."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from answerable.people.models import HANDLERS, Role, User


def may_write(user: User) -> bool:
    """Who answers customers knows what they ask."""
    return user.holds(*HANDLERS)


def may_publish(user: User) -> bool:
    """What readers see is said in the company's name: who leads people answers for it."""
    return user.holds(Role.ADMINISTRATOR, Role.LEAD)


def check_may_write(user: User | None) -> None:
    """Raises PermissionDenied for those who only read. None is the system itself."""
    if user is not None and not may_write(user):
        raise PermissionDenied(_("Articles are written by those who answer customers."))


def check_may_publish(user: User | None) -> None:
    """Raises PermissionDenied for those who may not show articles to readers. None is the system itself."""
    if user is not None and not may_publish(user):
        raise PermissionDenied(_("Articles are published and withdrawn by leads and administrators."))
