"""Invitations, and the answer to one, as forms."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from answerable.people.forms.sign_in import password_rules
from answerable.people.forms.teams import TeamChoice
from answerable.people.models import Role, Team, TeamQuerySet, User


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    team = TeamChoice(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    role = forms.ChoiceField(label=_("As"), initial=Role.AGENT)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, teams: TeamQuerySet, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        roles = [choice for choice in Role.choices if by.is_administrator or choice[0] != Role.ADMINISTRATOR]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """What an invited person answers. `person` is the one invited."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=password_rules(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            person = User(email=self.person.email, name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
