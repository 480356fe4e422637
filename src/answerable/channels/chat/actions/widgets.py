"""An administrator sets a chat up, and says whose pages may have it."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from answerable.channels.chat.models import Widget
from answerable.desk.models import Inbox
from answerable.events.record import record
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator

KEY_BYTES = 9


def write_widget(
    inbox: Inbox,
    *,
    name: str,
    greeting: str,
    greetings: Mapping[str, str],
    colour: str,
    origins: Sequence[str],
    takes_files: bool,
    by: User | None,
) -> Widget:
    """The inbox's chat as it is from now on; the first time, it is opened."""
    check_is_administrator(by)
    with transaction.atomic():
        widget = Widget.objects.select_for_update().filter(inbox=inbox).first()
        verb = "chat.changed" if widget else "chat.opened"
        widget = widget or Widget(inbox=inbox, key=secrets.token_hex(KEY_BYTES))
        values: dict[str, Any] = {"name": name, "greeting": greeting, "greetings": dict(greetings), "colour": colour}
        values |= {"origins": list(dict.fromkeys(origins)), "takes_files": takes_files}
        for field, value in values.items():
            setattr(widget, field, value)
        widget.save()
        record(verb, subject=widget, by=by, team_id=inbox.team_id, origins=widget.origins)
    return widget


def rotate_secret(widget: Widget, *, by: User) -> Widget:
    """Identities are signed with another secret from now on; the one before is good for a day."""
    check_is_administrator(by)
    with transaction.atomic():
        row = Widget.objects.select_for_update().get(pk=widget.pk)
        row.identity_generation += 1
        row.rotated_at = timezone.now()
        row.save(update_fields=["identity_generation", "rotated_at"])
        record("chat.secret_rotated", subject=row, by=by, team_id=row.inbox.team_id)
    return row


def close_widget(widget: Widget, *, by: User) -> None:
    """It disappears from all pages. Its conversations stay."""
    _set_closed(widget, closed=True, by=by)


def reopen_widget(widget: Widget, *, by: User) -> None:
    """It is there again."""
    _set_closed(widget, closed=False, by=by)


def _set_closed(widget: Widget, *, closed: bool, by: User) -> None:
    check_is_administrator(by)
    if (widget.closed_at is not None) != closed:
        with transaction.atomic():
            widget.closed_at = timezone.now() if closed else None
            widget.save(update_fields=["closed_at"])
            record("chat.closed" if closed else "chat.reopened", subject=widget, by=by, team_id=widget.inbox.team_id)
