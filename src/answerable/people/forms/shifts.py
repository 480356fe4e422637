"""Shifts and repeating weeks as people type them: local times in a zone they choose."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.core.calendar import Interval
from answerable.core.opening import Opening, openings
from answerable.core.rota import Week, breaks_on, span_on
from answerable.people.forms.teams import TeamChoice
from answerable.people.models import Shift, Team, TeamQuerySet, User
from answerable.people.models.user import UserQuerySet
from answerable.people.week import EARLIEST, LATEST


class Date(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day of the years that a rota can show."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=Date(), **given)

    def to_python(self, value: Any) -> date | None:
        on = super().to_python(value)
        if on is not None and not EARLIEST <= on <= LATEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return on


class Time(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class BreaksField(forms.CharField):
    """ "12:00-12:30, 15:00-15:15" as openings."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Breaks"),
            required=False,
            max_length=100,
            help_text=gettext_lazy("Such as 12:00-12:30, 15:00-15:15."),
        )

    def clean(self, value: Any) -> tuple[Opening, ...]:
        text = super().clean(value)
        try:
            return openings(part for part in text.replace(";", ",").split(",") if part.strip())
        except ValueError:
            raise ValidationError(_("Write breaks as 12:00-12:30, 15:00-15:15, each after the other.")) from None


def zone_choices(*names: str) -> list[tuple[str, str]]:
    """Time zones to tell times in, each once."""
    return [(name, name.replace("_", " ")) for name in dict.fromkeys(filter(None, names))]


class _OfTeam(forms.Form):
    """Who, in which team, by whose clock."""

    user = forms.ModelChoiceField(label=gettext_lazy("Who"), queryset=User.objects.none())
    team = TeamChoice(label=gettext_lazy("Team"), queryset=Team.objects.none(), empty_label=None)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))

    def __init__(
        self, *args: Any, teams: TeamQuerySet, people: UserQuerySet, zones: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields = cast(Mapping[str, Any], self.fields)
        fields["team"].queryset, fields["user"].queryset = teams, people
        fields["time_zone"].choices = zones
        fields["time_zone"].initial = zones[0][0]


class ShiftForm(_OfTeam):
    on = DayField(label=pgettext_lazy("date of a shift", "Day"))
    begins = forms.TimeField(label=pgettext_lazy("time", "From"), widget=Time())
    ends = forms.TimeField(
        label=pgettext_lazy("time", "To"),
        widget=Time(),
        help_text=gettext_lazy("Earlier than its beginning: the next day."),
    )
    breaks = BreaksField()
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("user", "team", "on", "begins", "ends", "breaks", "time_zone", "note", "revision")

    @property
    def span(self) -> Interval:
        """The shift as instants, once the form is valid."""
        data = self.cleaned_data
        return span_on(self._week.zone, data["on"], self._week.begins, self._week.ends)

    @property
    def pauses(self) -> tuple[Interval, ...]:
        return breaks_on(self._week, self.cleaned_data["on"])

    @property
    def _week(self) -> Week:
        data = self.cleaned_data
        return Week(
            frozenset(), minute_of(data["begins"]), minute_of(data["ends"]), data["breaks"], ZoneInfo(data["time_zone"])
        )

    @staticmethod
    def typed(shift: Shift, zone: ZoneInfo) -> dict[str, Any]:
        """What one would type for a shift that is there."""
        begins = shift.begins_at.astimezone(zone)
        return {
            "user": shift.user_id,
            "team": shift.team_id,
            "on": begins.date(),
            "begins": begins.time(),
            "ends": shift.ends_at.astimezone(zone).time(),
            "breaks": ", ".join(
                f"{start.astimezone(zone):%H:%M}-{end.astimezone(zone):%H:%M}" for start, end in shift.pauses
            ),
            "note": shift.note,
            "time_zone": zone.key,
            "revision": shift.revision,
        }


class PatternForm(_OfTeam):
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days of the week"),
        choices=[(number, name) for number, name in WEEKDAYS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    begins = forms.TimeField(label=pgettext_lazy("time", "From"), widget=Time())
    ends = forms.TimeField(
        label=pgettext_lazy("time", "To"),
        widget=Time(),
        help_text=gettext_lazy("Earlier than its beginning: the next day."),
    )
    breaks = BreaksField()
    from_on = DayField(label=gettext_lazy("First day"))
    until_on = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: until you end it."),
    )
    field_order = ("user", "team", "weekdays", "begins", "ends", "breaks", "time_zone", "from_on", "until_on")


class LayOutForm(forms.Form):
    until = DayField(label=gettext_lazy("Lay out until"))


class CopyForm(forms.Form):
    to = DayField(
        label=gettext_lazy("Copy this week to the week of"),
        help_text=gettext_lazy("Any day of that week."),
    )


def minute_of(at: time) -> int:
    """Minutes from midnight."""
    return at.hour * 60 + at.minute


def today() -> date:
    """In the reader's time zone."""
    return timezone.localdate()
