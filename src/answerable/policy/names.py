"""What the policy's keys are called by people: values of conditions, hours, whom an escalation tells."""

from functools import cached_property
from types import MappingProxyType

from django.conf import settings
from django.utils.translation import get_language, get_language_info, gettext, pgettext_lazy

from answerable.core.policy import ALWAYS, Policy
from answerable.core.policy.spoken import spoken
from answerable.customers.models import Segment
from answerable.people.models import Team

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


class Names:
    """Asks for segments and for teams once each, when the first is wanted. What has no name keeps its key."""

    @cached_property
    def segments(self) -> dict[str, str]:
        return dict(Segment.objects.values_list("key", "name"))

    @cached_property
    def teams(self) -> dict[str, str]:
        return dict(Team.objects.values_list("key", "name"))

    def say(self, field: str, value: str) -> str:
        """A value of a condition."""
        key = value.casefold()
        match field:
            case "channel":
                return str(CHANNELS.get(key, value))
            case "priority":
                return str(PRIORITIES.get(key, value))
            case "segment":
                return self.segments.get(key, value)
            case "team":
                return self.teams.get(key, value)
            case "language" if key in dict(settings.LANGUAGES):
                return str(get_language_info(key)["name_translated"])
        return value


def hours_name(policy: Policy, key: str) -> str:
    """Hours by their title in the reader's language; by their key, as a name, where the document gives none."""
    if key == ALWAYS:
        return gettext("around the clock")
    title = spoken(policy.hours[key].title, get_language() or policy.language, policy.language)
    return title or key.replace("-", " ").replace("_", " ").capitalize()
