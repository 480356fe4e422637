"""What the policy's keys are called by people: values of conditions, hours, whom an escalation tells."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from types import MappingProxyType

from babel.numbers import format_decimal
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_info, gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from answerable.core.clock import SpanKind
from answerable.core.opening import Opening, opening_text
from answerable.core.policy import ALWAYS, Do, Policy, Step, Target, Unit, Whom, Within
from answerable.core.policy.spoken import spoken
from answerable.core.policy.words import within_words
from answerable.customers.models import Segment
from answerable.people.models import Team, User
from answerable.web.channels import messenger_names
from answerable.web.words import reader_locale

CHANNELS = MappingProxyType(
    {
        "email": pgettext_lazy("in a sentence", "e-mail"),
        "form": pgettext_lazy("in a sentence", "web form"),
        "chat": pgettext_lazy("in a sentence", "live chat"),
        "phone": pgettext_lazy("in a sentence", "telephone"),
        "api": pgettext_lazy("in a sentence", "API"),
    }
)
PRIORITIES = MappingProxyType(
    {
        "low": pgettext_lazy("in a sentence", "low"),
        "normal": pgettext_lazy("in a sentence", "normal"),
        "high": pgettext_lazy("in a sentence", "high"),
        "urgent": pgettext_lazy("in a sentence", "urgent"),
    }
)
CLOCKS = MappingProxyType(
    {
        "first_response": _("First response"),
        "next_response": _("Next response"),
        "resolution": _("Resolution"),
    }
)
KPIS = MappingProxyType(
    {
        "csat": _("Customer satisfaction"),
        "nps": _("Net promoter score"),
        "first_response": _("First response time"),
        "retention": _("Customer retention"),
        "servqual": _("Service quality (SERVQUAL)"),
        "engagement": _("Employee engagement"),
        "resolution": _("Resolution time"),
        "compliance": _("Promises kept"),
    }
)
RECIPIENTS = MappingProxyType(
    {
        Whom.ASSIGNEE: pgettext_lazy("tell whom", "the assignee"),
        Whom.LEAD: pgettext_lazy("tell whom", "the team lead"),
        Whom.TEAM: pgettext_lazy("tell whom", "the whole team"),
    }
)
RESTS = MappingProxyType(
    {
        "pending": pgettext_lazy("the clock rests", "while we wait for the customer"),
        "on_hold": pgettext_lazy("the clock rests", "while we wait for a third party"),
    }
)
SPANS = MappingProxyType(
    {
        SpanKind.COUNTED: _("counted"),
        SpanKind.PAUSED: _("paused: somebody else's turn"),
        SpanKind.OUTSIDE_HOURS: _("outside business hours"),
        SpanKind.CLOSED_DAY: _("closed that day"),
        SpanKind.HOLIDAY: _("holiday"),
        SpanKind.OVERRIDE: _("special hours that day"),
    }
)


def channels() -> dict[str, str]:
    """Key -> what a channel is called within a sentence."""
    return {key: str(name) for key, name in CHANNELS.items()} | messenger_names()


class Names:
    """Asks for segments and for teams once each, when the first is wanted. What has no name keeps its key."""

    @cached_property
    def segments(self) -> dict[str, str]:
        return dict(Segment.objects.values_list("key", "name"))

    @cached_property
    def teams(self) -> dict[str, str]:
        return dict(Team.objects.values_list("key", "name"))

    @cached_property
    def people(self) -> dict[str, str]:
        return {email.casefold(): name or email for email, name in User.objects.values_list("email", "name")}

    def person(self, address: str) -> str:
        """Whoever has an e-mail address."""
        return self.people.get(address.casefold(), address)

    def say(self, field: str, value: str) -> str:
        """A value of a condition."""
        key = value.casefold()
        match field:
            case "channel":
                return channels().get(key, value)
            case "priority":
                return str(PRIORITIES.get(key, value))
            case "segment":
                return self.segments.get(key, value)
            case "team":
                return self.teams.get(key, value)
            case "language" if key in dict(settings.LANGUAGES):
                return language_name(key)
        return value


def hours_name(policy: Policy, key: str) -> str:
    """Hours by their title in the reader's language; by their key, as a name, where the document gives none."""
    if key == ALWAYS:
        return gettext("around the clock")
    calendar = policy.hours.get(key)
    title = calendar and spoken(calendar.title, get_language() or policy.language, policy.language)
    return title or key_name(key)


def key_name(key: str) -> str:
    """A key as a name, for what has no title."""
    return key.replace("-", " ").replace("_", " ").capitalize()


def language_name(code: str) -> str:
    """A language in the reader's; its code where nobody knows it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def place_name(place: str) -> str:
    """A country (``LV``) or a part of one (``ES-MD``), in the reader's language."""
    country, _dash, part = place.partition("-")
    name = reader_locale().territories.get(country, country)
    return f"{name} ({part})" if part else str(name)


def openings_words(spans: Iterable[Opening]) -> str:
    """``09:00–13:00, 14:00–18:00``, or that it is closed."""
    return ", ".join(opening_text(span).replace("-", "–") for span in spans) or gettext("closed")


def day_name(day: date) -> str:
    return str(date_format(day, "DATE_FORMAT"))


def rests_words(statuses: Iterable[str]) -> str:
    """When a clock rests."""
    return ", ".join(str(RESTS[status]) for status in statuses) or pgettext("the clock rests", "never")


def target_words(target: Target) -> str:
    """``85 %``, ``40 points``, ``4 working hours``."""
    unit, working = target.unit.removeprefix("working "), target.unit.startswith("working ")
    if unit in list(Unit) and target.value.is_integer():
        return within_words(Within(int(target.value), Unit(unit), working), ngettext=ngettext)
    number = format_decimal(target.value, locale=reader_locale())
    if unit == "percent":
        return pgettext("a share", "%(number)s %%") % {"number": number}
    if unit == "points":
        return ngettext("%(number)s point", "%(number)s points", int(abs(target.value))) % {"number": number}
    return f"{number} {target.unit}"


def step_words(step: Step, names: Names) -> str:
    """What an escalation step does, in words."""
    if step.do is Do.RAISE_PRIORITY or step.to is None:
        return gettext("raise the priority")
    whom = recipient_words(step, names)
    if step.do is Do.NOTIFY:
        return gettext("tell %(whom)s") % {"whom": whom}
    return gettext("hand over to %(whom)s") % {"whom": whom}


def recipient_words(step: Step, names: Names) -> str:
    """Whom a step concerns; nothing where it concerns the conversation alone."""
    if step.to is None:
        return ""
    name = names.teams.get(step.to.name, step.to.name) if step.to.name and step.to.whom is Whom.TEAM else step.to.name
    if step.to.whom is Whom.USER:
        name = names.person(step.to.name)
    return name or str(RECIPIENTS.get(step.to.whom, step.to.whom))
