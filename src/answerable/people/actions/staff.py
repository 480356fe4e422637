"""The people themselves. Nobody is deleted: what they did keeps their name."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.people.actions.memberships import check_an_administrator_remains, grant
from answerable.people.errors import Refused
from answerable.people.models import Role, Team, User
from answerable.people.permissions import check_is_administrator, check_may_manage


def invite(*, email: str, team: Team, role: str, language: str, time_zone: str, by: User) -> User:
    """Somebody new, who cannot sign in until they follow the link and choose a password.

    The reaction to `user.invited` mails the link.
    """
    check_may_manage(by, team)
    email = email.strip().lower()
    with transaction.atomic():
        try:
            with transaction.atomic():  # of two who invite them at once, the database lets one
                person = User.objects.create_user(email, name="", language=language, time_zone=time_zone)
        except IntegrityError:
            raise Refused(_("Somebody with the address %(email)s is here already.") % {"email": email}) from None
        record("user.invited", subject=person, by=by, team=team.pk, role=role)
        grant(to=person, team=team, role=role, by=by)
    return person


def invite_again(person: User, *, by: User) -> User:
    """A fresh link; links sent before stop working."""
    if not may_invite_again(by, person):
        raise PermissionDenied
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        if person.has_usable_password():
            raise Refused(_("%(name)s has joined already.") % {"name": person})
        person.password = make_password(None)
        person.save(update_fields=["password"])
        record("user.invited", subject=person, by=by)
    return person


def may_invite_again(by: User, person: User) -> bool:
    """Administrators, and leads who could have given each role the person is to have: whoever holds the link may
    use it, so it must open no more than they manage themselves."""
    if by.is_administrator:
        return True
    theirs = list(person.memberships.values_list("role", "team_id"))
    may_give = [role != Role.ADMINISTRATOR and by.holds(Role.LEAD, team_id=team_id) for role, team_id in theirs]
    return bool(theirs) and all(may_give)


def join(person: User, *, name: str, password: str) -> User:
    """Accept an invitation."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        if person.has_usable_password() or not person.is_active:
            raise Refused(_("This invitation was used already."))
        person.name = name
        person.set_password(password)
        person.save(update_fields=["name", "password"])
        record("user.joined", subject=person, by=person)
    return person


def change_profile(person: User, *, by: User, **changes: Any) -> User:
    """Name, language, time zone, appearance, mails: one's own, or anybody's for administrators."""
    if by.pk != person.pk:
        check_is_administrator(by)
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        changed = [field for field, value in changes.items() if getattr(person, field) != value]
        if changed:
            for field in changed:
                setattr(person, field, changes[field])
            person.save(update_fields=changed)
            record("user.changed", subject=person, by=by, fields=sorted(changed))
    return person


def deactivate(person: User, *, by: User) -> User:
    """Out at once: their sessions end, their streams close. Roles stay noted for the day they come back."""
    check_is_administrator(by)
    with transaction.atomic():
        check_an_administrator_remains(without=person)
        person = User.objects.select_for_update().get(pk=person.pk)
        if person.is_active:
            person.is_active = False
            person.save(update_fields=["is_active"])
            end_sessions(person)
            record("user.deactivated", subject=person, by=by)
    return person


def reactivate(person: User, *, by: User) -> User:
    check_is_administrator(by)
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        if not person.is_active:
            person.is_active = True
            person.save(update_fields=["is_active"])
            record("user.reactivated", subject=person, by=by)
    return person


def end_sessions(person: User) -> None:
    """Sign somebody out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def end_session(session: UserSession, *, by: User) -> None:
    """Sign oneself out in one place."""
    with transaction.atomic():
        session.end()
        record(
            "session.ended", subject=by, by=by, started_at=session.created_at.isoformat(), browser=session.user_agent
        )
