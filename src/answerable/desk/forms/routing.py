"""How a team's conversations find somebody."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.desk.actions.team_routing import Needed
from answerable.desk.models import Inbox, TeamRouting
from answerable.people.forms.teams import TeamChoice
from answerable.people.models import Level, Skill, Team

ANY = ("", pgettext_lazy("skill needed", "None in particular"))


class RoutingForm(forms.Form):
    """`revision` says what the page had shown; below the rule a field for each of the team's inboxes."""

    revision = forms.CharField(widget=forms.HiddenInput, required=False)
    is_automatic = forms.BooleanField(
        label=_("Offer what waits to whoever is there"),
        required=False,
        help_text=_("One thing at a time, for half a minute each. Off: everybody takes for themselves."),
    )
    most_live = forms.IntegerField(label=_("Chats and calls one person has at once"), min_value=0, max_value=50)
    most_written = forms.IntegerField(
        label=_("Open e-mails and forms one person has at once"), min_value=0, max_value=1000
    )
    overflow_to = TeamChoice(
        label=_("What waits too long goes to"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("Nowhere: it waits here"),
    )
    overflow_minutes = forms.IntegerField(
        label=_("After so many minutes"), min_value=1, max_value=10_080, required=False
    )

    def __init__(self, *args: Any, team: Team, inboxes: Sequence[Inbox], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        overflow_to = self.fields["overflow_to"]
        assert isinstance(overflow_to, TeamChoice)
        overflow_to.queryset = Team.objects.filter(retired_at=None).exclude(pk=team.pk)
        choices = [
            (f"{skill.pk}:{level}", f"{skill}, {label}")
            for skill in Skill.objects.in_use()
            for level, label in Level.choices
            if level >= Level.ABLE
        ]
        self.inboxes = inboxes
        for inbox in inboxes if choices else ():
            self.fields[f"inbox_{inbox.pk}"] = forms.ChoiceField(
                label=_("Skill that %(inbox)s asks for") % {"inbox": inbox.name},
                choices=[ANY, *choices],
                required=False,
            )

    def skills(self) -> dict[int, Needed]:
        """Of a valid form, by inbox: the skill and its level."""
        found: dict[int, Needed] = {}
        for inbox in self.inboxes:
            if f"inbox_{inbox.pk}" in self.fields:
                skill, _colon, level = self.cleaned_data[f"inbox_{inbox.pk}"].partition(":")
                found[inbox.pk] = (int(skill), int(level)) if skill else (None, int(Level.ABLE))
        return found


def initial_of(row: TeamRouting, inboxes: Sequence[Inbox]) -> dict[str, Any]:
    """What stands, as the form takes it."""
    return {
        "is_automatic": row.automatic_since is not None,
        "most_live": row.most_live,
        "most_written": row.most_written,
        "overflow_to": row.overflow_to_id,
        "overflow_minutes": row.overflow_minutes,
    } | {f"inbox_{one.pk}": f"{one.skill_id}:{one.skill_level}" if one.skill_id else "" for one in inboxes}
