"""An example conversation, to see what would be promised to it."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from answerable.core.conditions import Facts
from answerable.core.policy import Policy, Procedure, Standard
from answerable.policy.editing.workshop import Choices, with_present
from answerable.policy.names import PRIORITIES, Names, channels, language_name

WALL_TIME = "%Y-%m-%dT%H:%M"
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200


class ExampleForm(forms.Form):
    """What is known of a conversation, and when it arrives (in the reader's time zone). All may be left out."""

    channel = forms.ChoiceField(label=_("Channel"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    at = forms.DateTimeField(
        label=_("When it arrives"),
        required=False,
        input_formats=[WALL_TIME, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WALL_TIME),
    )

    def __init__(self, data: dict[str, str], *, policy: Policy, names: Names) -> None:
        """Offers what the policy tells apart, and what there is."""
        now = timezone.localtime().strftime(WALL_TIME)
        super().__init__({"channel": "email", "priority": "normal", "at": now, **data})
        for field, choices in _choices(policy, names).items():
            widget = self.fields[field]
            assert isinstance(widget, forms.ChoiceField)
            widget.choices = [("", _("not known")), *with_present(choices, [data.get(field, "")])]

    def clean_at(self) -> datetime | None:
        """Business time ends with the calendar's years, and a promise goes on after it begins."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
            raise ValidationError(self.fields["at"].error_messages["invalid"], code="invalid")
        return at

    @property
    def facts(self) -> Facts:
        """Of a valid form."""
        names = ("channel", "priority", "segment", "region", "language", "team")
        return Facts(**{name: self.cleaned_data[name] or None for name in names})

    @property
    def arrives_at(self) -> datetime:
        """Of a valid form."""
        at: datetime = self.cleaned_data["at"] or timezone.now()
        return at


def _choices(policy: Policy, names: Names) -> dict[str, Choices]:
    named: dict[str, list[str]] = {}
    elements: list[Standard | Procedure] = [*policy.standards.values(), *policy.procedures.values()]
    for element in elements:
        for field, values in element.when.items():
            named.setdefault(field, []).extend(values)
    language = policy.language
    known: dict[str, Choices] = {
        "channel": list(channels().items()),
        "priority": [(key, str(name)) for key, name in PRIORITIES.items()],
        "segment": list(names.segments.items()),
        "region": [(region.key, region.title_in(language)) for region in policy.regions.values()],
        "language": [(code, language_name(code)) for code, _name in settings.LANGUAGES],
        "team": list(names.teams.items()),
    }
    return {field: with_present(choices, named.get(field, ())) for field, choices in known.items()}
