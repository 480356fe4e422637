"""Signatures are written: one's own by oneself, a team's and its inboxes' by its leads."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from answerable.desk.models import Inbox, Signature
from answerable.desk.signatures import check_signature
from answerable.events.record import record
from answerable.people.models import Role, Team, User

WRITERS = (Role.ADMINISTRATOR, Role.LEAD)


def write_signature(of: User | Team | Inbox, *, texts: Mapping[str, str], by: User) -> None:
    """In these languages; none at all takes it away."""
    team_id = None if isinstance(of, User) else of.team_id if isinstance(of, Inbox) else of.pk
    allowed = of == by if team_id is None else by.holds(*WRITERS, team_id=team_id)
    if not allowed:
        raise PermissionDenied
    said = {language: text.strip() for language, text in texts.items() if text.strip()}
    for text in said.values():
        check_signature(text)
    with transaction.atomic():
        if said:
            Signature.objects.update_or_create(**whose(of), defaults={"texts": said})
        else:
            Signature.objects.filter(**whose(of)).delete()
        record("signature.written", subject=of, by=by, team_id=team_id, languages=sorted(said))


def whose(of: User | Team | Inbox) -> dict[str, Any]:
    """The column that says so."""
    return {"user" if isinstance(of, User) else "team" if isinstance(of, Team) else "inbox": of}
