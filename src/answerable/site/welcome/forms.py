"""The four questions of the first page."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from answerable.people.forms.sign_in import password_rules
from answerable.people.models import User
from answerable.people.zones import countries, time_zones
from answerable.site.welcome.setup import MailIn

WEEKDAYS = (
    ("monday", _("Monday")),
    ("tuesday", _("Tuesday")),
    ("wednesday", _("Wednesday")),
    ("thursday", _("Thursday")),
    ("friday", _("Friday")),
    ("saturday", _("Saturday")),
    ("sunday", _("Sunday")),
)


def _time(label: Any, initial: str) -> forms.TimeField:
    return forms.TimeField(label=label, initial=initial, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class WelcomeForm(forms.Form):
    """The four questions: company, you, language, mail."""

    company = forms.CharField(label=_("What is your company called?"), max_length=200)
    country = forms.ChoiceField(label=_("Country"), choices=countries, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, initial="UTC")
    days = forms.MultipleChoiceField(
        label=_("When do you answer?"),
        choices=WEEKDAYS,
        initial=["monday", "tuesday", "wednesday", "thursday", "friday"],
        widget=forms.CheckboxSelectMultiple,
    )
    opens = _time(_("From"), "09:00")
    closes = _time(_("Until"), "18:00")

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=password_rules(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    address = forms.EmailField(
        label=_("Which address do your customers write to?"),
        help_text=_("Such as support@example.com. Your answers come from it."),
    )
    mail_in = forms.ChoiceField(
        label=_("How does its mail come in?"),
        choices=MailIn.choices,
        initial=MailIn.LISTENER,
        widget=forms.RadioSelect,
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (opens := cleaned.get("opens")) and (closes := cleaned.get("closes")) and closes <= opens:
            self.add_error("closes", _("You close before you open. Set the later time here."))
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=cleaned.get("email", ""), name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
