"""Teams, their places and members, as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.people.models import Team, TeamQuerySet, User


class TeamChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Teams by their place in the tree, each below its parent."""

    def label_from_instance(self, obj: Team) -> str:
        return "\N{NO-BREAK SPACE}" * 4 * (obj.path.count("/") - 2) + obj.name


class NewTeamForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)
    parent = TeamChoice(label=_("Below"), queryset=Team.objects.none(), empty_label=None)

    def __init__(self, *args: Any, parents: TeamQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)


class PlaceForm(forms.Form):
    parent = TeamChoice(label=_("Move below"), queryset=Team.objects.none(), empty_label=None)

    def __init__(self, *args: Any, parents: TeamQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.active().order_by("name", "email"), empty_label=_("choose")
    )
    role = forms.ChoiceField(label=_("As"))

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        self.fields["role"].initial = "agent"
