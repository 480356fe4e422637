"""Placeholders of macros and rules: `{{ contact.name }}` and its like, and nothing else a template language can do."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from answerable.desk.errors import Refused
from answerable.desk.models import Conversation
from answerable.people.models import User

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
VALUES: dict[str, Callable[[Conversation, User | None], str]] = {
    "contact.name": lambda conversation, agent: conversation.contact.name,
    "contact.first_name": lambda conversation, agent: conversation.contact.name.split(" ")[0],
    "agent.name": lambda conversation, agent: agent.name if agent else conversation.team.name,
    "agent.first_name": lambda conversation, agent: agent.get_short_name() if agent else conversation.team.name,
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


def filled_in(text: str, conversation: Conversation, agent: User | None) -> str:
    """The text for this conversation. What is not known of the contact stays empty; what is no placeholder stays.

    Where nobody writes it but a rule, the team signs."""

    def value(found: re.Match[str]) -> str:
        known = VALUES.get(found[1])
        return known(conversation, agent) if known else found[0]

    return PLACEHOLDER.sub(value, text)
