"""Placeholders of canned responses: `{{ contact.name }}` and its like, and nothing else a template language can do."""

import re
from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext as _

from answerable.desk.errors import Refused
from answerable.desk.models import CannedResponse, Conversation
from answerable.people.models import User

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
VALUES: dict[str, Callable[[Conversation, User], str]] = {
    "contact.name": lambda conversation, agent: conversation.contact.name,
    "contact.first_name": lambda conversation, agent: conversation.contact.name.split(" ")[0],
    "agent.name": lambda conversation, agent: agent.name,
    "agent.first_name": lambda conversation, agent: agent.get_short_name(),
    "team.name": lambda conversation, agent: conversation.team.name,
    "conversation.id": lambda conversation, agent: str(conversation.pk),
    "conversation.subject": lambda conversation, agent: conversation.subject,
}


class UnknownPlaceholder(Refused):
    """A text asks for something that can't be filled in. Its message names it, its line, and what there is."""


def check_text(text: str) -> None:
    """Raises UnknownPlaceholder for the first one that can't be filled in."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in PLACEHOLDER.finditer(line):
            if found[1] not in VALUES:
                raise UnknownPlaceholder(
                    _("Line %(line)s: there is no %(placeholder)s. There are: %(known)s.")
                    % {
                        "line": number,
                        "placeholder": found[0],
                        "known": ", ".join(f"{{{{ {name} }}}}" for name in VALUES),
                    }
                )
        if "{{" in PLACEHOLDER.sub("", line) or "}}" in PLACEHOLDER.sub("", line):
            raise UnknownPlaceholder(
                _("Line %(line)s: write a placeholder between two braces on each side, such as {{ contact.name }}.")
                % {"line": number}
            )


def filled_in(text: str, conversation: Conversation, agent: User) -> str:
    """The text for this conversation. What is not known of the contact stays empty; what is no placeholder stays."""

    def value(found: re.Match[str]) -> str:
        known = VALUES.get(found[1])
        return known(conversation, agent) if known else found[0]

    return PLACEHOLDER.sub(value, text)


def offered(conversation: Conversation, agent: User) -> list[tuple[CannedResponse, str]]:
    """The responses for this conversation's team and everybody's, each filled in; those in its language first."""
    rows = CannedResponse.objects.filter(Q(team=None) | Q(team_id=conversation.team_id), retired_at=None)
    filled = [(row, filled_in(row.text, conversation, agent)) for row in rows.order_by("name", "id")[:500]]
    return sorted(filled, key=lambda pair: pair[0].language not in (conversation.language, ""))
