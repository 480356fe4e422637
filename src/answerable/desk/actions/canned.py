"""Texts used often: leads write them, everybody of the team uses them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from answerable.desk.canned import check_text
from answerable.desk.models import CannedResponse
from answerable.events.record import record
from answerable.people.models import Role, Team, User


def write_canned_response(
    *,
    name: str,
    text: str,
    team: Team | None,
    by: User,
    language: str = "",
    response: CannedResponse | None = None,
) -> CannedResponse:
    """A new one, or another text for an old one. Without a team it is everybody's, and an administrator's to write.

    Raises UnknownPlaceholder where the text asks for what can't be filled in.
    """
    check_text(text)
    _check_can_write(by, team.pk if team else None)
    with transaction.atomic():
        if response is not None:
            _check_can_write(by, response.team_id)
        verb = "changed" if response else "created"
        response = response or CannedResponse()
        response.name, response.text, response.language, response.team = name, text, language, team
        response.save()
        record(f"canned_response.{verb}", subject=response, by=by, team_id=response.team_id, name=name)
    return response


def retire_canned_response(response: CannedResponse, *, by: User) -> CannedResponse:
    """It is offered no longer; what was written with it stays."""
    _check_can_write(by, response.team_id)
    if response.retired_at is None:
        with transaction.atomic():
            response.retired_at = timezone.now()
            response.save(update_fields=["retired_at"])
            record("canned_response.retired", subject=response, by=by, team_id=response.team_id, name=response.name)
    return response


def _check_can_write(user: User, team_id: int | None) -> None:
    leads = team_id is not None and user.holds(Role.ADMINISTRATOR, Role.LEAD, team_id=team_id)
    if not (leads or user.is_administrator):
        raise PermissionDenied
