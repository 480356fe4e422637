"""How far a channel's forecast is to be believed, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.numbers import format_decimal
from django.utils.translation import gettext, ngettext, pgettext

from answerable.core.staffing.forecast import Error
from answerable.insight.staffing.result import Channel
from answerable.measure.words import day, percent
from answerable.web.channels import channel_name

MOST_UNUSUAL = 8
"""Days that are named; of more, the last."""


@dataclass(frozen=True)
class Believed:
    """How far off the forecast of the channel `key` was, and what it has learned."""

    key: str
    channel: Channel
    holidays_known: bool
    locale: str

    @property
    def name(self) -> str:
        return channel_name(self.key)

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        channel = self.channel
        if not channel.is_modelled:
            yield gettext(
                "There are fewer than seven weeks of history, so each weekday is forecast as what it brought on "
                "average in the last weeks: no trend, no holidays, and no error that could be told."
            )
            return
        if channel.error is not None:
            yield from self._missed(channel.error)
        if channel.unusual:
            yield self._unusual([date.fromisoformat(each) for each in channel.unusual])
        if channel.trend is not None:
            yield self._trend(channel.trend)
        yield self._holiday(channel.holiday)

    def _trend(self, trend: float) -> str:
        change = {"share": percent(abs(trend), self.locale)}
        if round(100 * trend) > 0:
            return gettext("The trend is upwards, by %(share)s in four weeks.") % change
        if round(100 * trend) < 0:
            return gettext("The trend is downwards, by %(share)s in four weeks.") % change
        return gettext("There is no trend to speak of.")

    def _holiday(self, share: float | None) -> str:
        if share is not None:
            return gettext("A holiday brings %(share)s of what its weekday usually does.") % {
                "share": percent(share, self.locale)
            }
        if self.holidays_known:
            return gettext(
                "The history has fewer than two holidays, or they brought what other days did: those ahead are "
                "forecast like ordinary days."
            )
        return gettext("The policy names no holidays, so none are forecast.")

    def _unusual(self, days: list[date]) -> str:
        """The last of them by name."""
        said = ", ".join(day(on, self.locale) for on in days[-MOST_UNUSUAL:])
        return ngettext(
            "%(number)s day (%(days)s) was too unlike its weekday before and after to learn from it.",
            "%(number)s days (%(days)s) were too unlike their weekdays before and after to learn from them.",
            len(days),
        ) % {"number": len(days), "days": f"… {said}" if len(days) > MOST_UNUSUAL else said}

    def _missed(self, error: Error) -> Iterator[str]:
        last = error.first + timedelta(days=error.days - 1)
        yield gettext(
            "Tried on the last %(days)s days, which it had not seen (%(first)s to %(last)s, %(contacts)s contacts): "
            "the forecast of a day was off by %(day)s of what came, that of an hour by %(hour)s, and the whole by "
            "%(bias)s."
        ) % {
            "days": error.days,
            "first": day(error.first, self.locale),
            "last": day(last, self.locale),
            "contacts": format_decimal(round(error.contacts), locale=self.locale),
            "day": percent(error.day, self.locale),
            "hour": percent(error.hour, self.locale),
            "bias": self._bias(error.bias),
        }
        words = {"day": percent(error.naive_day, self.locale), "hour": percent(error.naive_hour, self.locale)}
        yield gettext("The week before, repeated, is off by %(day)s a day and %(hour)s an hour.") % words
        yield (
            gettext("So the model earns its keep.")
            if error.is_worth_it
            else gettext("So the model does no better here than last week would.")
        )
        yield gettext(
            "Contacts come by chance: even who knew the true mean would be off by %(day)s a day and %(hour)s an hour."
        ) % {"day": percent(error.chance_day, self.locale), "hour": percent(error.chance_hour, self.locale)}

    def _bias(self, bias: float) -> str:
        share = percent(abs(bias), self.locale)
        if round(100 * bias) > 0:
            return pgettext("a forecast", "%(share)s too high") % {"share": share}
        if round(100 * bias) < 0:
            return pgettext("a forecast", "%(share)s too low") % {"share": share}
        return pgettext("a forecast", "nothing")
