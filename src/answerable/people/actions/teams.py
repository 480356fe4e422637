"""The tree of teams. Each team's path holds the keys from the top, so a subtree is one range of an index."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.people.errors import Refused, Stale
from answerable.people.models import Team, User
from answerable.people.permissions import check_may_manage
from answerable.people.structure import check_nobody_leads_themselves, structure_now

LONGEST_PATH = 500


def add_team(*, name: str, parent: Team, by: User | None) -> Team:
    """A team below another. Its key, by which policies and commands name it, comes from its name and stays."""
    check_may_manage(by, parent)
    with transaction.atomic():
        _hold_the_tree()
        parent = Team.objects.get(pk=parent.pk)
        if parent.retired_at:
            raise Refused(_("%(team)s is retired: no team can be added below it.") % {"team": parent})
        _check_is_another(name, parent)
        key = _free_key(name)
        path = f"{parent.path}{key}/"
        if len(path) > LONGEST_PATH:
            raise Refused(_("The tree is too deep here. Add the team higher up."))
        team = Team.objects.create(name=name, key=key, parent=parent, path=path)
        record("team.added", subject=team, by=by, team_id=parent.pk, name=name, parent=parent.pk)
    return team


def rename_team(team: Team, *, name: str, by: User | None) -> Team:
    """Its key stays, so that policies which name it go on working."""
    check_may_manage(by, team)
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=team.pk)
        if team.name != name:
            if team.parent:
                _check_is_another(name, team.parent, but=team)
            before, team.name = team.name, name
            team.save(update_fields=["name"])
            record("team.renamed", subject=team, by=by, team_id=team.pk, before=before, after=name)
    return team


def _check_is_another(name: str, parent: Team, but: Team | None = None) -> None:
    """Two of one name beside each other nobody could tell apart."""
    beside = parent.children.filter(retired_at=None, name__iexact=name)
    if any(team != but for team in beside):
        raise Refused(_("There is a team of this name below %(team)s already.") % {"team": parent})


def move_team(team: Team, *, to: Team, by: User | None, was: int | None = None, reason: str = "") -> Team:
    """Put a team, with all below it, under another. Roles held above its new place count for it from now on.

    `was` is the team it stood below when somebody decided that: if it stands elsewhere meanwhile, they are refused.
    """
    with transaction.atomic():
        _hold_the_tree()
        team, to = Team.objects.get(pk=team.pk), Team.objects.get(pk=to.pk)
        if team.parent is None:
            raise PermissionDenied
        check_may_manage(by, team.parent)
        check_may_manage(by, to)
        if was is not None and team.parent_id != was:
            raise Stale(_("%(team)s was moved below %(parent)s meanwhile.") % {"team": team, "parent": team.parent})
        if team.parent == to:
            return team
        if to.path.startswith(team.path):
            raise Refused(_("%(to)s stands below %(team)s, so it can't be above it.") % {"to": to, "team": team})
        if to.retired_at:
            raise Refused(_("%(team)s is retired: no team can be moved below it.") % {"team": to})
        _check_is_another(team.name, to)
        structure = structure_now()
        before, old, new = team.parent.pk, team.path, f"{to.path}{team.key}/"
        below = Team.objects.below([old])
        if max(map(len, below.values_list("path", flat=True))) - len(old) + len(new) > LONGEST_PATH:
            raise Refused(_("The tree is too deep here. Move the team higher up."))
        below.update(path=Concat(Value(new), Substr(F("path"), Length(Value(old)) + 1)))
        Team.objects.filter(pk=team.pk).update(parent=to)
        team.refresh_from_db()
        check_nobody_leads_themselves(structure)
        record("team.moved", subject=team, by=by, team_id=team.pk, before=before, after=to.pk, reason=reason)
    return team


def retire_team(team: Team, *, by: User | None) -> Team:
    """No new work for it; what it did stays. Its sub-teams go first."""
    with transaction.atomic():
        _hold_the_tree()
        team = Team.objects.get(pk=team.pk)
        if team.parent is None:
            raise Refused(_("The top of the tree is the company itself and stays."))
        check_may_manage(by, team.parent)
        if team.children.filter(retired_at=None).exists():
            raise Refused(_("%(team)s has teams below it. Move or retire those first.") % {"team": team})
        if team.retired_at is None:
            team.retired_at = timezone.now()
            team.save(update_fields=["retired_at"])
            record("team.retired", subject=team, by=by, team_id=team.pk)
    return team


def revive_team(team: Team, *, by: User | None) -> Team:
    """Take a retired team back into use."""
    with transaction.atomic():
        _hold_the_tree()
        team = Team.objects.get(pk=team.pk)
        if team.parent is None or team.parent.retired_at:
            raise Refused(_("The team above it is retired, too. Take that back into use first."))
        check_may_manage(by, team.parent)
        if team.retired_at is not None:
            _check_is_another(team.name, team.parent, but=team)
            team.retired_at = None
            team.save(update_fields=["retired_at"])
            record("team.revived", subject=team, by=by, team_id=team.pk)
    return team


def _hold_the_tree() -> None:
    """Two people never rearrange the tree at once: each waits for the lock on its top."""
    Team.objects.select_for_update(of=("self",)).filter(parent=None).first()


def _free_key(name: str) -> str:
    """A key from the name, numbered when taken. Names in other scripts have no letters for it: "team-7"."""
    stem = slugify(name)[:50] or "team"
    taken = set(Team.objects.filter(key__startswith=stem).values_list("key", flat=True))
    if stem not in taken:
        return stem
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
