"""Absences as people type them: whole days, or by the hour."""

from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answerable.core.calendar import Interval, instant
from answerable.people.forms.shifts import DayField, Time, minute_of
from answerable.people.models import Absence, Shift, User
from answerable.people.models.absence import whole_days
from answerable.people.models.user import UserQuerySet
from answerable.people.rota_words import span_words


class AbsenceForm(forms.Form):
    user = forms.ModelChoiceField(label=gettext_lazy("Who"), queryset=User.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=Absence.Kind.choices,
        help_text=gettext_lazy("Only leads see it. Colleagues see that you are away."),
    )
    begins = DayField(label=gettext_lazy("First day"))
    ends = DayField(label=gettext_lazy("Last day"))
    begins_at = forms.TimeField(
        label=gettext_lazy("From, by the clock"),
        widget=Time(),
        required=False,
        help_text=gettext_lazy("Both empty: whole days."),
    )
    ends_at = forms.TimeField(label=gettext_lazy("Until, by the clock"), widget=Time(), required=False)
    stand_in = forms.ModelChoiceField(
        label=gettext_lazy("Who stands in"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("the team lead"),
        help_text=gettext_lazy("Promises that would call on the absent person call on them."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, people: UserQuerySet, colleagues: UserQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["user"]).queryset = people
        cast(Any, self.fields["stand_in"]).queryset = colleagues

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if (data.get("begins_at") is None) != (data.get("ends_at") is None):
            missing = "ends_at" if data.get("ends_at") is None else "begins_at"
            if missing not in self.errors:
                self.add_error(missing, ValidationError(_("Give both times, or none for whole days.")))
        return data

    @property
    def zone(self) -> ZoneInfo:
        """Days are days where the absent person is."""
        return ZoneInfo(self.cleaned_data["user"].time_zone)

    @property
    def is_whole_days(self) -> bool:
        return self.cleaned_data["begins_at"] is None

    @property
    def span(self) -> Interval:
        """As instants, once the form is valid; maybe one that ends before it begins."""
        data = self.cleaned_data
        if self.is_whole_days:
            return whole_days(data["begins"], data["ends"], self.zone)
        return Interval(
            instant(self.zone, data["begins"], minute_of(data["begins_at"])),
            instant(self.zone, data["ends"], minute_of(data["ends_at"])),
        )


class DecisionForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("Answer"), max_length=500, required=False)


class ShiftChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Shifts by their owner and time."""

    def label_from_instance(self, obj: Shift) -> str:
        return f"{obj.user}: {span_words(obj.span)}"


class OfferForm(forms.Form):
    """A shift handed to a colleague, or to whoever takes it; maybe for one of theirs."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Offer to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("anybody in the team"),
    )
    in_return = ShiftChoice(
        label=gettext_lazy("In return for"),
        queryset=Shift.objects.none(),
        required=False,
        empty_label=gettext_lazy("nothing"),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, colleagues: UserQuerySet, shifts: QuerySet[Shift], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["to"]).queryset = colleagues
        cast(Any, self.fields["in_return"]).queryset = shifts
