"""What one can ask to be told of: the public verbs (api.outputs.verbs), grouped as people think of them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.api.outputs.verbs import PUBLIC

TRIAL = "webhook.tried"
"""The verb of a delivery that only shows whether deliveries arrive."""
RATINGS = frozenset({"conversation.rated", "conversation.commented", "conversation.complained"})
ROUTING = frozenset(f"conversation.{what}" for what in ("offered", "passed", "lapsed", "taken", "overflowed"))


@dataclass(frozen=True)
class Group:
    """Public verbs of these nouns, but for some; and these verbs."""

    key: str
    label: Promise
    about: Promise
    nouns: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()

    def holds(self, verb: str) -> bool:
        return verb in PUBLIC and (
            verb in self.verbs or (verb.partition(".")[0] in self.nouns and verb not in self.but)
        )


GROUPS = (
    Group(
        "conversations",
        _("Conversations"),
        _("Opened, assigned, moved, solved, reopened, closed; status, priority, tags and fields."),
        nouns=frozenset({"conversation"}),
        but=RATINGS | ROUTING,
    ),
    Group(
        "messages",
        pgettext_lazy("of webhooks", "Messages and notes"),
        _("Received, sent, taken back, noted."),
        nouns=frozenset({"message", "note"}),
    ),
    Group(
        "promises",
        pgettext_lazy("of webhooks", "Promises"),
        _("A clock is late, put off or escalated."),
        nouns=frozenset({"clock"}),
    ),
    Group(
        "ratings",
        pgettext_lazy("of webhooks", "Ratings and complaints"),
        _("What customers say of the service."),
        verbs=RATINGS,
    ),
    Group(
        "routing",
        pgettext_lazy("of webhooks", "Offers"),
        _("To whom a conversation was offered, and what became of it."),
        verbs=ROUTING,
    ),
    Group(
        "customers",
        _("Customers"),
        _("Contacts, their addresses, organisations and segments: added, changed, merged."),
        nouns=frozenset({"contact", "address", "organisation", "segment"}),
    ),
    Group(
        "staff",
        pgettext_lazy("of webhooks", "People and teams"),
        _("Who joins, leaves and moves; teams and roles."),
        nouns=frozenset({"user", "membership", "team"}),
    ),
    Group(
        "policy",
        pgettext_lazy("service policy", "Policy"),
        _("Another version is in force."),
        nouns=frozenset({"policy"}),
    ),
    Group(
        "articles",
        _("Articles"),
        _("Published, withdrawn, and whether they helped."),
        nouns=frozenset({"article"}),
    ),
)
BY_KEY = {group.key: group for group in GROUPS}


def is_wanted(verb: str, keys: Collection[str]) -> bool:
    """Whether one of the groups holds the verb."""
    return any(BY_KEY[key].holds(verb) for key in keys if key in BY_KEY)


def nouns(keys: Collection[str]) -> list[str]:
    """Before the dots of all verbs that the groups may hold."""
    found: set[str] = set()
    for group in (BY_KEY[key] for key in keys if key in BY_KEY):
        found |= group.nouns | {verb.partition(".")[0] for verb in group.verbs}
    return sorted(found)
