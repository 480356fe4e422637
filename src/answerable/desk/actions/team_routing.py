"""What a team says of its routing: whether it is automatic, how many at once, and where what waits too long goes."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.models import Inbox, TeamRouting
from answerable.events.models import Event
from answerable.events.record import record
from answerable.people.errors import Refused, Stale
from answerable.people.models import Skill, Team, User
from answerable.people.permissions import check_may_manage

CHANGED = "team.routing_changed"
Needed = tuple[int | None, int]
"""The number of a skill, and the least level of it."""


def routing_of(team: Team) -> TeamRouting:
    """The team's rule, or the usual one, not saved."""
    return TeamRouting.objects.filter(team=team).first() or TeamRouting(team=team)


def revision_of(team: Team) -> str:
    """Tells whether the rule has changed since it was looked at: the last event that changed it."""
    last = Event.objects.filter(root=f"team-{team.pk}", verb=CHANGED).order_by("-id").values_list("pk").first()
    return str(last[0]) if last else ""


def change_routing(
    team: Team,
    *,
    is_automatic: bool,
    most_live: int,
    most_written: int,
    overflow_to: Team | None,
    overflow_minutes: int | None,
    skills: Mapping[int, Needed],
    by: User | None,
    revision: str | None = None,
) -> TeamRouting:
    """Keep the rule. `skills`: by inbox of the team, what whoever answers must be able to do."""
    check_may_manage(by, team)
    with transaction.atomic():
        team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
        if revision is not None and revision != revision_of(team):
            raise Stale(_("Somebody else changed this meanwhile. See what stands now, and save again."))
        if (overflow_to is None) != (overflow_minutes is None):
            raise Refused(_("Say both where it goes and after how many minutes."), field="overflow_minutes")
        if overflow_to == team:
            raise Refused(_("Choose another team than this one."), field="overflow_to")
        row = routing_of(team)
        before = _particulars(row)
        row.automatic_since = (row.automatic_since or timezone.now()) if is_automatic else None
        row.most_live, row.most_written = most_live, most_written
        row.overflow_to, row.overflow_minutes = overflow_to, overflow_minutes
        row.save()
        changed = _change_skills(team, skills)
        if changed or before != _particulars(row):
            after = _particulars(row)
            record(CHANGED, subject=team, by=by, team_id=team.pk, before=before, after=after, inboxes=changed)
    return row


def _change_skills(team: Team, skills: Mapping[int, Needed]) -> list[list[int | None]]:
    """Inbox, skill and level of each inbox that asks for something else from now on."""
    changed: list[list[int | None]] = []
    known = set(Skill.objects.in_use().values_list("pk", flat=True))
    for inbox in Inbox.objects.select_for_update(of=("self",)).filter(team=team, pk__in=skills).order_by("pk"):
        skill, level = skills[inbox.pk]
        if (inbox.skill_id, inbox.skill_level) != (skill, level) and (skill is None or skill in known):
            inbox.skill_id, inbox.skill_level = skill, level
            inbox.save(update_fields=["skill", "skill_level"])
            changed.append([inbox.pk, skill, level])
    return changed


def _particulars(row: TeamRouting) -> dict[str, object]:
    return {
        "automatic": row.automatic_since is not None,
        "most_live": row.most_live,
        "most_written": row.most_written,
        "overflow_to": row.overflow_to_id,
        "overflow_minutes": row.overflow_minutes,
    }
