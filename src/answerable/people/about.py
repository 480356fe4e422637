"""What words on the board may speak of: a conversation, an objective of the policy.

Both stand above this package, so what is asked of them is named in the settings, like what cleans a mail's HTML.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from answerable.people.models import User


class Titles(Protocol):
    """What conversations are called, by number: of those that a user may see."""

    def __call__(self, user: "User", numbers: Collection[int]) -> Mapping[int, str]: ...


class Objectives(Protocol):
    """The sentences of the objectives in force, by key, in the reader's language."""

    def __call__(self) -> Mapping[str, str]: ...


@cache
def _titles() -> Titles:
    found: Titles = import_string(settings.CONVERSATION_TITLES)
    return found


@cache
def _objectives() -> Objectives:
    found: Objectives = import_string(settings.POLICY_OBJECTIVES)
    return found


def titles_of(user: "User", numbers: Collection[int]) -> Mapping[int, str]:
    """Of the conversations among these that the user may see. One query; none where none is asked for."""
    return _titles()(user, numbers) if numbers else {}


def objectives() -> Mapping[str, str]:
    """Of the policy in force; nothing before there is one."""
    return _objectives()()
