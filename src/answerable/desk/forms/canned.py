"""A canned response."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.desk.forms.writing import TextField
from answerable.people.models import Team


class CannedResponseForm(forms.Form):
    """`teams`: those the user writes for; `for_all`: whether they may also write for everybody."""

    name = forms.CharField(
        max_length=100, label=pgettext_lazy("of a thing", "Name"), help_text=_("What one looks for while writing.")
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=_("For"))
    language = forms.ChoiceField(
        required=False,
        choices=[("", _("Any language")), *settings.LANGUAGES],
        label=_("Language"),
        help_text=_("Offered first where the customer writes in it."),
    )
    text = TextField(label=_("Text"))

    def __init__(self, *args: Any, teams: "QuerySet[Team]", for_all: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = teams
        team.required = not for_all
        team.empty_label = str(_("Everybody")) if for_all else None
