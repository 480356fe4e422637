"""The company itself."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import Company, Membership, Role, Team, User
from answerable.people.permissions import check_is_administrator


@dataclass(frozen=True)
class Founding:
    """What there is when a company has been set up: the tree's top, its first team, its first person."""

    company: Company
    everyone: Team
    support: Team
    administrator: User


def set_up_company(
    *,
    name: str,
    country: str,
    time_zone: str,
    language: str,
    person: str,
    email: str,
    password: str,
) -> Founding:
    """The company, one team below the top, and an administrator who also leads that team.

    Raises Refused when the company exists already; of two who try at once, one is refused.
    """
    with transaction.atomic():
        company, is_new = Company.objects.get_or_create(
            only=True, defaults={"name": name, "country": country, "time_zone": time_zone, "language": language}
        )
        if not is_new:
            raise Refused(_("This server has been set up already. Sign in instead."))
        everyone = Team.objects.create(name=name[:100], key="everyone", path="/everyone/")
        support = Team.objects.create(name=_("Support"), key="support", parent=everyone, path="/everyone/support/")
        administrator = User.objects.create_user(email, password, name=person, language=language, time_zone=time_zone)
        record("company.set_up", subject=company, by=administrator, name=name, country=country, time_zone=time_zone)
        for team, role in ((everyone, Role.ADMINISTRATOR), (support, Role.LEAD)):
            Membership.objects.create(user=administrator, team=team, role=role)
            record(
                "membership.granted",
                subject=administrator,
                by=administrator,
                team=team.pk,
                role=role.value,
            )
    return Founding(company, everyone, support, administrator)


def change_company(company: Company, *, by: User, **changes: Any) -> Company:
    """Its name, language, country, time zone or wanted span of control."""
    check_is_administrator(by)
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=company.pk)
        before = {field: getattr(company, field) for field in changes if getattr(company, field) != changes[field]}
        if before:
            for field in before:
                setattr(company, field, changes[field])
            company.save(update_fields=list(before))
            record("company.changed", subject=company, by=by, before=before, after={f: changes[f] for f in before})
    return company
