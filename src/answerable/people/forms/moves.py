"""A move in the structure, as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.people.forms.teams import TeamChoice
from answerable.people.models import Team, TeamQuerySet


class MoveForm(forms.Form):
    """Where somebody, or a team, goes. `membership` or `team` says who; `was` is where they were seen."""

    membership = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    team = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    was = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    to = TeamChoice(
        label=_("Move to"),
        queryset=Team.objects.none(),
        empty_label=_("choose"),
        error_messages={"invalid_choice": _("You don't lead that team: choose one of yours.")},
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("It is kept in the history of the structure.")
    )

    def __init__(self, *args: Any, places: TeamQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = places  # type: ignore[attr-defined]
