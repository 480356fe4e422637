"""Who has signed in, fetched with their roles and presence for every page."""

from allauth.account.auth_backends import AuthenticationBackend

from answerable.people.models import User
from answerable.web.standing import Given, Standing

ASKING = Standing(lambda: User.objects.active().filter(pk=Given("user")).select_related("attendance").with_roles())


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, with one query for the user, their roles and their presence."""

    def get_user(self, user_id: int) -> User | None:
        """None for those who are no longer active."""
        return ASKING.first(user=user_id)
