"""What is asked of an administrator about mail."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.channels.email.models import Arrival, Mailbox, Relay
from answerable.people.models import Team

KEPT = _("Leave it empty to keep the one there is.")


class InboxForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=100,
        help_text=_("Customers see it beside the agent's name."),
    )
    address = forms.CharField(label=_("Address"), max_length=254, validators=[validate_email])
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), help_text=_("It gets what comes in by this address.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As the customer writes")), *settings.LANGUAGES],
        required=False,
        help_text=_("For customers whose own is not known."),
    )
    region = forms.CharField(label=_("Region"), max_length=60, required=False)
    acknowledges = forms.BooleanField(
        label=_("Tell customers at once that their message has arrived"),
        required=False,
        help_text=_("Once for each conversation, and never to a machine."),
    )
    copies_count = forms.BooleanField(
        label=_("Answer people on copy as promptly as the customer"),
        required=False,
        help_text=_(
            "What they write then begins the promise to answer. Otherwise it only opens the conversation again."
        ),
    )
    takes_forwards = forms.BooleanField(
        label=_("Take what colleagues forward for the customer's own mail"),
        required=False,
        initial=True,
        help_text=_(
            "The answer goes to the customer, and what the colleague wrote above it becomes a note. Otherwise the "
            "colleague is answered."
        ),
    )
    plus_addresses = forms.BooleanField(
        label=_("Sign the address that answers go to"),
        required=False,
        help_text=_(
            "Answers then find their conversation even from programs that drop all references. "
            "Only where the mail server delivers name+anything@example.com to name@example.com."
        ),
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.filter(retired_at=None)


class ServerForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a mailbox and a relay have in common. The password is typed in, and never shown again."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if self.instance.sealed_password:
            self.fields["password"].help_text = KEPT

    def clean_host(self) -> str:
        host: str = self.cleaned_data["host"].strip().lower()
        if not host or any(letter.isspace() or letter in "/:@" for letter in host):
            raise forms.ValidationError(_("Give the name of the server only, such as mail.example.com."))
        return host


class MailboxForm(ServerForm):
    from_the_beginning = forms.BooleanField(
        label=_("Fetch what is in it already, too"),
        required=False,
        help_text=_("Otherwise only what comes from now on."),
    )

    class Meta:
        model = Mailbox
        fields = ["host", "port", "security", "username", "folder", "authserv"]
        labels = {
            "host": _("IMAP server"),
            "port": _("Port"),
            "security": _("Encryption"),
            "username": _("User name"),
            "folder": _("Folder"),
            "authserv": _("Name by which it signs its checks of senders"),
        }
        help_texts = {
            "host": _("Such as imap.example.com. The help of your mail provider says which one it is."),
            "username": _("Most often the whole address."),
            "authserv": _("The first word of Authentication-Results in a mail it has received, such as mx.google.com."),
        }

    field_order = ["host", "port", "security", "username", "password", "folder", "from_the_beginning", "authserv"]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if self.instance.pk:
            del self.fields["from_the_beginning"]
        else:
            self.fields["password"].required = True
            self.fields["password"].help_text = _(
                "Where a second step is asked for at sign-in, as at Gmail, make an app password there and give that."
            )
            self.initial["username"] = self.instance.inbox.address

    def configured(self) -> Mailbox:
        """The mailbox as asked for, not saved."""
        row: Mailbox = self.save(commit=False)
        if self.cleaned_data.get("from_the_beginning"):
            row.since = datetime(1990, 1, 1, tzinfo=UTC)
        return row


class RelayForm(ServerForm):
    class Meta:
        model = Relay
        fields = ["host", "port", "security", "username"]
        labels = {
            "host": _("SMTP server"),
            "port": _("Port"),
            "security": _("Encryption"),
            "username": _("User name"),
        }
        help_texts = {"username": _("Leave it empty where the server asks for none.")}

    field_order = ["host", "port", "security", "username", "password"]


class LedgerForm(forms.Form):
    """What the ledger is narrowed to."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[("", _("All")), ("undecided", _("Not decided yet")), *Arrival.Outcome.choices],
    )
