"""What steps and conditions name: teams by key, colleagues by address, fields by number. Each read once, if asked."""

from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from answerable.desk.models import Field, Inbox
from answerable.people.models import Team, User


class Named:
    """Everything that can be named. Of each kind one query, when the first is asked for."""

    @cached_property
    def teams(self) -> dict[str, Team]:
        return {team.key: team for team in Team.objects.filter(retired_at=None)}

    @cached_property
    def people(self) -> dict[str, User]:
        return {user.email: user for user in User.objects.active().order_by("name", "id")}

    @cached_property
    def fields(self) -> dict[str, Field]:
        return {str(field.pk): field for field in Field.objects.current()}

    @cached_property
    def inboxes(self) -> dict[str, Inbox]:
        return {str(inbox.pk): inbox for inbox in Inbox.objects.filter(retired_at=None)}

    def team(self, key: str) -> str:
        return str(self.teams[key]) if key in self.teams else _("a team that is gone")

    def person(self, email: str) -> str:
        return str(self.people[email]) if email in self.people else _("somebody who is gone")

    def field(self, number: str) -> str:
        known = self.fields.get(number)
        return known.name_in(get_language() or "") if known else _("a field that is gone")
