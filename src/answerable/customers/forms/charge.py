"""What a team is there for, as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.customers.models import Segment
from answerable.people.models import Charge, OrganisedBy, Skill
from answerable.web.channels import channel_names

Charges = dict[tuple[str, str], str]


class ChargeForm(forms.Form):
    """What a team is there for. `revision` says what the page had shown."""

    revision = forms.CharField(widget=forms.HiddenInput, required=False)
    organised_by = forms.ChoiceField(
        label=_("Organised by"),
        choices=OrganisedBy.choices,
        help_text=_("What tells it from the teams beside it."),
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        choices=lambda: channel_names().items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    segments = forms.MultipleChoiceField(
        label=_("Segments"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills its work needs"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.segment_names = dict(Segment.objects.values_list("key", "name"))
        self.fields["segments"].choices = list(self.segment_names.items())  # type: ignore[attr-defined]
        self.fields["skills"].choices = list(Skill.objects.in_use().values_list("key", "name"))  # type: ignore[attr-defined]

    def charges(self) -> Charges:
        """Of a valid form: (kind, key) -> the name to keep, of segments."""
        chosen = self.cleaned_data
        found: Charges = {(Charge.Of.CHANNEL.value, key): "" for key in chosen["channels"]}
        found |= {(Charge.Of.SEGMENT.value, key): self.segment_names[key] for key in chosen["segments"]}
        return found | {(Charge.Of.SKILL.value, key): "" for key in chosen["skills"]}


def initial_of(charges: Charges) -> dict[str, list[str]]:
    """What a team answers for, as the form takes it."""
    names = {"channels": Charge.Of.CHANNEL, "segments": Charge.Of.SEGMENT, "skills": Charge.Of.SKILL}
    return {name: [key for kind, key in charges if kind == of] for name, of in names.items()}
