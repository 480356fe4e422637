"""What is filled in about a pilot."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.core.experiment import BLOCKS
from answerable.customers.models import Address, Contact, Segment, normalised
from answerable.people.models import User
from answerable.policy.actions.pilot_customers import MOST_AT_ONCE, of_segment
from answerable.policy.models import Pilot, PilotCustomer, Version

BY_LOT = gettext_lazy("{percent} % by lot, the others are the control")
SHARES = [(0, gettext_lazy("No lots: everybody who agrees gets the new promise"))] + [
    (percent, format_lazy(BY_LOT, percent=percent)) for percent in BLOCKS
]
LONGEST_REASON = 1000


class PilotForm(forms.Form):
    """All that is chosen before anything happens."""

    version = forms.ModelChoiceField(
        Version.objects.none(),
        label=gettext_lazy("Which draft"),
        empty_label=None,
        help_text=gettext_lazy("It can't be edited from now on: what customers are asked about is what they get."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is tried"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    staff = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who answers"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Others may help out. What they answer is counted apart."),
    )
    share = forms.TypedChoiceField(
        choices=SHARES,
        coerce=lambda share: int(share) or None,
        initial=50,
        label=gettext_lazy("Which customers get it"),
        help_text=gettext_lazy("Only by lot does the comparison show what the promise does, and not who agreed to it."),
    )
    by_segment = forms.BooleanField(required=False, label=gettext_lazy("Balance the lots within each segment"))
    measure = forms.ChoiceField(
        choices=Pilot.Measure.choices,
        label=gettext_lazy("Judged by"),
        help_text=gettext_lazy("One measure, named before anybody looks. All others are shown beside it."),
    )
    smallest = forms.IntegerField(
        min_value=1,
        max_value=50,
        initial=5,
        label=gettext_lazy("Smallest difference that would matter, in percentage points"),
    )
    planned_end_on = forms.DateField(
        label=gettext_lazy("Planned end"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Until then the figures must be clearer, since they are looked at often."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self.fields["version"], Version.objects.filter(state=Version.State.DRAFT).defer("document"))
        _choose_from(self.fields["staff"], _people())

    def clean_planned_end_on(self) -> Any:
        day = self.cleaned_data["planned_end_on"]
        if day <= timezone.localdate():
            raise ValidationError(_("Plan an end that lies ahead."))
        return day


class StaffForm(forms.Form):
    """Who answers, anew."""

    prefix = "staff"
    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=gettext_lazy("Who answers"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self.fields["people"], _people())


class EndingForm(forms.Form):
    """Why a pilot ends, and how: of three ways those that are open to it."""

    WAYS = (
        ("promotion", pgettext_lazy("pilot", "Bring it into force for everybody")),
        ("return", pgettext_lazy("pilot", "Roll it back: today's promises hold for everybody")),
        ("cancellation", pgettext_lazy("pilot", "Give it up before it begins")),
    )

    prefix = "ending"
    ending = forms.ChoiceField(label=gettext_lazy("How it ends"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept with the pilot and its figures, for whoever asks later."),
    )

    def __init__(self, *args: Any, is_running: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ending"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(self.WAYS[:2] if is_running else self.WAYS[2:])
        field.initial = None if is_running else "cancellation"


class InvitationForm(forms.Form):
    """Whom to ask: a segment, or addresses."""

    prefix = "invitation"
    segment = forms.ModelChoiceField(
        Segment.objects.all(), required=False, label=gettext_lazy("A whole segment"), empty_label=gettext_lazy("none")
    )
    addresses = forms.CharField(
        required=False,
        label=gettext_lazy("Or these customers"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("E-mail addresses we know, one a line."),
    )

    def clean_addresses(self) -> str:
        """`named` are whose they are."""
        text = str(self.cleaned_data["addresses"])
        self.named = _known(text)
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        contacts = [*self.named, *(of_segment(cleaned["segment"]) if cleaned["segment"] else [])]
        if not contacts:
            raise ValidationError(_("Choose a segment that somebody is in, or write addresses."))
        if len(contacts) > MOST_AT_ONCE:
            raise ValidationError(_("At most %(most)s customers can be asked at once.") % {"most": MOST_AT_ONCE})
        cleaned["contacts"] = contacts
        return cleaned


class ConsentForm(forms.Form):
    """What a customer said elsewhere."""

    prefix = "consent"
    address = forms.CharField(label=gettext_lazy("Customer's e-mail address"), max_length=320)
    how = forms.ChoiceField(
        choices=[choice for choice in PilotCustomer.How.choices if choice[0] != PilotCustomer.How.LINK],
        label=gettext_lazy("How they said yes"),
    )
    words = forms.CharField(
        label=gettext_lazy("Where it can be read, or who heard it"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Such as the number of the conversation, or day and hour of the call."),
    )

    contact: Contact

    def clean_address(self) -> str:
        """`contact` is whose it is."""
        value = str(self.cleaned_data["address"])
        found = _known(value)
        if len(found) != 1:
            raise ValidationError(_("Write one address."))
        self.contact = found[0]
        return value


def _people() -> Any:
    """Whom conversations can reach."""
    people = User.objects.active().filter(memberships__isnull=False).distinct().with_roles()
    return people.order_by("name", "id")


def _choose_from(field: forms.Field, rows: Any) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def _known(text: str) -> list[Contact]:
    """The contacts with these addresses. Raises ValidationError with those that nobody has."""
    words = text.replace("\x00", " ").replace(",", " ").replace(";", " ").split()
    values = list(dict.fromkeys(normalised(Address.Kind.EMAIL, word) for word in words))
    rows = Address.objects.filter(kind=Address.Kind.EMAIL, value__in=values).select_related("contact__merged_into")
    found = {row.value: row.contact for row in rows}
    missing = [value for value in values if value not in found]
    if missing:
        raise ValidationError(_("Nobody has the address %(addresses)s.") % {"addresses": ", ".join(missing[:5])})
    return list({contact.pk: contact for contact in found.values()}.values())
