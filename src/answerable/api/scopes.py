"""What a token may be allowed to do. A token acts as its owner, so it never may more than they."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCOPES: Final[Mapping[str, Promise]] = {
    "conversations:read": _("Read conversations, messages, their files and their clocks"),
    "conversations:write": _("Begin and change conversations, reply, write notes"),
    "contacts:read": _("Read contacts"),
    "contacts:write": _("Add and change contacts"),
    "organisations:read": _("Read organisations"),
    "organisations:write": _("Add, change and remove organisations"),
    "people:read": _("Read teams and colleagues"),
    "inboxes:read": _("Read inboxes and fields"),
    "policy:read": _("Read the policy and its versions"),
    "policy:write": _("Begin drafts of the policy"),
    "articles:read": _("Read articles that are published"),
    "ratings:read": _("Read ratings"),
    "events:read": _("Read what happened: the log of events, with its particulars"),
}
"""name -> what it allows. A name is `family:read` or `family:write`."""
LEAST: Final = ("conversations:read",)
"""What a new token is offered at first."""
