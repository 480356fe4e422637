"""A macro."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.rules.step import OF_MACROS, steps_of
from answerable.desk.forms.steps import step_rows, steps_in
from answerable.desk.forms.writing import AFTERWARDS, TextField
from answerable.desk.models import Macro
from answerable.desk.steps.names import Named
from answerable.people.models import Team


class MacroForm(forms.Form):
    """`teams`: those the user writes for; `for_all`: whether they may for everybody. `rows` are its steps."""

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
    text = TextField(label=_("Text"), required=False)
    into = forms.ChoiceField(label=_("The text goes into"), choices=Macro.Into.choices, initial=Macro.Into.REPLY)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, macro: Macro | None, teams: "QuerySet[Team]", for_all: bool) -> None:
        names = ("name", "team", "language", "text", "into", "revision")
        super().__init__(data, initial={name: getattr(macro, name) for name in names} if macro else {})
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = teams
        team.required = not for_all
        team.empty_label = str(_("Everybody")) if for_all else None
        steps = steps_of(macro.steps) if macro else ()
        self.rows = step_rows(data, steps, allowed=OF_MACROS, statuses=AFTERWARDS, named=Named())

    def is_valid(self) -> bool:
        """With its steps."""
        return all((super().is_valid(), not self.is_bound or self.rows.is_valid()))

    @property
    def facts(self) -> dict[str, Any]:
        """What `write_macro` wants to know."""
        return {**self.cleaned_data, "steps": steps_in(self.rows)}
