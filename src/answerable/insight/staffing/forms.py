"""What is asked of staffing: a file of volumes, and what is assumed of a team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.insight.staffing.assumed import AT_ONCE, HOUR, MINUTE, Assumed, Taken, usual_handling
from answerable.insight.staffing.promises import Promises
from answerable.insight.staffing.result import Result
from answerable.insight.staffing.starting import File
from answerable.insight.staffing.uploads import read_upload
from answerable.web.channels import channel_name, channel_names

LARGEST_FILE = 16 * 1024 * 1024  # bytes
PERCENT = 100.0


class VolumesForm(forms.Form):
    """A file of volumes. `read` is what it holds."""

    file = forms.FileField(
        label=_("File of volumes"),
        help_text=_(
            "CSV, XLSX or Parquet, up to 16 MB: the start of each interval, its arrivals by channel and, if there is "
            "one, the handling time. A list of conversations or an event log of another help desk will do as well."
        ),
    )
    channel = forms.ChoiceField(
        label=_("Its channel, where the file does not say"), choices=lambda: channel_names().items(), initial="phone"
    )

    read: File | None = None

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_file(self) -> Any:
        """A file that is not too large."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 16 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        """What is wrong in it stands beside the field, with its lines."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                file = cleaned["file"]
                self.read = read_upload(file.read(), file.name, zone=self.zone, channel=cleaned["channel"])
            except ValidationError as error:
                self.add_error("file", error)
        return cleaned


class AssumptionsForm(forms.Form):
    """Of a team and its channels. What the policy promises is not asked for. `revision` is that of what was looked
    at."""

    shrinkage = forms.FloatField(
        label=pgettext_lazy("staffing", "Shrinkage, percent of rostered time"),
        min_value=0,
        max_value=90,
        help_text=_(
            "Meetings, training, illness at short notice. Breaks and absences that stand in the rota are taken off "
            "already."
        ),
    )
    occupancy = forms.FloatField(
        label=pgettext_lazy("staffing", "Busy at most, percent of the time at work"),
        min_value=30,
        max_value=100,
        help_text=_("Nobody answers all day without a pause: 85 is a common limit."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)

    def __init__(
        self, data: Any = None, *, channels: Iterable[str], promises: Promises, taken: Taken, result: Result | None
    ) -> None:
        self.keys = tuple(channels)
        initial = {
            "shrinkage": _plain(PERCENT * taken.shrinkage),
            "occupancy": _plain(PERCENT * taken.occupancy),
            "revision": taken.said.revision if taken.said else 0,
        }
        super().__init__(data, initial=initial)
        self.promises, self.taken = promises, taken
        for key in self.keys:
            told = result.channels[key].handling_seconds if result and key in result.channels else None
            self.fields |= {f"{key}_{name}": field for name, field in self._fields_of(key, told)}

    def _fields_of(self, key: str, told: float | None) -> Iterator[tuple[str, forms.Field]]:
        """Of one channel, without its key. `told`: the seconds that handling takes by the volume file."""
        assumed, promise = self.taken.of(key), self.promises.by_channel[key]
        yield "handling", _handling(key, assumed, told)
        if key == "chat":
            yield "at_once", _at_once(assumed)
        if key in AT_ONCE:
            yield "patience", _patience(assumed)
        if promise.limit_seconds is None:
            yield "limit", _limit(assumed, in_seconds=key in AT_ONCE)
        if promise.in_time is None:
            yield "in_time", _in_time(assumed)

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The channels' fields, each channel under its name."""
        return [
            (channel_name(key), [self[name] for name in self.fields if name.startswith(f"{key}_")]) for key in self.keys
        ]

    def differing(self) -> list[tuple[str, Any]]:
        """What holds, where it is not what was typed: fields by their label."""
        return [
            (self._label(name), self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if name != "revision" and field.has_changed(self.get_initial_for_field(field, name), self[name].data)
        ]

    def _label(self, name: str) -> str:
        key, _line, rest = name.partition("_")
        return f"{channel_name(key)}: {self[name].label}" if rest else str(self[name].label)

    def assumed(self) -> Mapping[str, Assumed]:
        """What was said, by channel."""
        return {key: self._assumed(key) for key in self.keys}

    def _assumed(self, key: str) -> Assumed:
        before = self.taken.of(key)
        limit, share = self._said(key, "limit"), self._said(key, "in_time")
        unit = 1.0 if key in AT_ONCE else HOUR
        return Assumed(
            handling_seconds=_times(self._said(key, "handling"), MINUTE),
            at_once=int(self._said(key, "at_once") or before.at_once),
            patience_seconds=_times(self._said(key, "patience"), MINUTE),
            limit_seconds=before.limit_seconds if limit is None else limit * unit,
            in_time=before.in_time if share is None else share / PERCENT,
        )

    def _said(self, key: str, name: str) -> float | None:
        value: float | None = self.cleaned_data.get(f"{key}_{name}")
        return value


_HANDLING = _("Left empty: %(minutes)s, which is usual and not measured. The desk does not know how long people work.")


def _times(value: float | None, unit: float) -> float | None:
    return None if value is None else value * unit


def _minutes(seconds: float | None) -> float | int | None:
    return None if seconds is None else _plain(seconds / MINUTE)


def _plain(value: float) -> float | int:
    """Without digits that say nothing."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _handling(key: str, assumed: Assumed, told: float | None) -> forms.Field:
    return forms.FloatField(
        label=_("Handling time of one, minutes"),
        required=False,
        min_value=0.02,
        max_value=480,
        initial=_minutes(assumed.handling_seconds),
        help_text=(_("Left empty: %(minutes)s, as the file says.") if told else _HANDLING)
        % {"minutes": _plain((told or usual_handling(key)) / MINUTE)},
    )


def _at_once(assumed: Assumed) -> forms.Field:
    return forms.IntegerField(
        label=_("Chats that one person leads at once"),
        min_value=1,
        max_value=20,
        initial=assumed.at_once,
        help_text=_("The handling time is then that of a chat as it lasts, not of the person's part in it."),
    )


def _patience(assumed: Assumed) -> forms.Field:
    return forms.FloatField(
        label=_("Patience before giving up, minutes on average"),
        required=False,
        min_value=0.05,
        max_value=600,
        initial=_minutes(assumed.patience_seconds),
        help_text=_("Left empty: nobody gives up (Erlang C). With patience it is Erlang A."),
    )


def _limit(assumed: Assumed, *, in_seconds: bool) -> forms.Field:
    return forms.FloatField(
        label=_("Answered within, seconds") if in_seconds else _("Answered within, open hours"),
        min_value=0 if in_seconds else 0.25,
        max_value=3600 if in_seconds else 200,
        initial=_plain(assumed.limit_seconds if in_seconds else assumed.limit_seconds / HOUR),
    )


def _in_time(assumed: Assumed) -> forms.Field:
    return forms.FloatField(
        label=_("Of so many, percent"),
        min_value=1,
        max_value=99.9,
        initial=_plain(PERCENT * assumed.in_time),
    )
