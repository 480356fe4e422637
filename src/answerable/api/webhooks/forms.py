"""What an administrator is asked about a webhook."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.api.webhooks.catalogue import GROUPS
from answerable.api.webhooks.keeping import KEPT
from answerable.api.webhooks.models import Delivery, Webhook
from answerable.people.models import Team
from answerable.web.outward import Forbidden, target


class AddressField(forms.CharField):
    """One that we would ask, as far as can be told without asking its name."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        try:
            target(value)
        except Forbidden as refusal:
            raise ValidationError(str(refusal)) from None


class WebhookForm(forms.Form):
    """One webhook. `facts` afterwards, as the actions take them."""

    name = forms.CharField(
        max_length=100,
        label=pgettext_lazy("of a thing", "Name"),
        help_text=gettext_lazy("Who is told, such as “Warehouse”."),
    )
    url = AddressField(
        max_length=1000,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Begins with https://. Redirects are not followed."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    groups = forms.MultipleChoiceField(
        label=pgettext_lazy("of webhooks", "What it is told of"), widget=forms.CheckboxSelectMultiple
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        required=False,
        label=pgettext_lazy("of webhooks", "Of which teams"),
        help_text=gettext_lazy(
            "Each with the teams below it. None chosen: of everything. With teams chosen, what belongs to no team, "
            "such as contacts, is left out."
        ),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, webhook: Webhook | None) -> None:
        known: dict[str, Any] = {}
        if webhook is not None:
            known = {"name": webhook.name, "url": webhook.url, "groups": webhook.groups, "teams": webhook.teams.all()}
        super().__init__(data, initial=known)
        groups: Any = self.fields["groups"]
        groups.choices = [(group.key, f"{group.label}: {group.about}") for group in GROUPS]
        teams: Any = self.fields["teams"]
        teams.queryset = Team.objects.filter(retired_at=None).order_by("path")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "url", "groups", "teams")}


class LogForm(forms.Form):
    """Which deliveries are listed."""

    state = forms.ChoiceField(
        required=False, label=gettext_lazy("State"), choices=[("", gettext_lazy("All")), *Delivery.State.choices]
    )


class ReplayForm(forms.Form):
    """A stretch of time, in the reader's zone."""

    since = forms.DateTimeField(
        label=pgettext_lazy("a time", "From"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    until = forms.DateTimeField(
        label=pgettext_lazy("a time", "Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, data: Any = None) -> None:
        now = timezone.localtime()
        super().__init__(data, initial={"since": now - timedelta(hours=1), "until": now})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since >= until:
            self.add_error("until", _("The end comes before the beginning."))
        if since and since < timezone.now() - KEPT:
            self.add_error("since", _("At most %(days)s days back.") % {"days": KEPT.days})
        return cleaned
